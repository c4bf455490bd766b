import { describe, expect, test } from '@jest/globals';
import { splitArguments } from '../../../middleware/features/commands/expand/split-arguments.ts';

describe('splitArguments', () => {
  test.each([
    ['', []],
    ['  \n ', []],
    ['a  b\t\tc', ['a', 'b', 'c']],
    ['a"b c"d', ['ab cd']],
    ["it's a dog's life", ['its a dogs', 'life']],
    ['"a\\\\b" \'a\\b\'', ['a\\\\b', 'a\\b']],
    ['\\#a "#b" c#d', ['#a', '#b', 'c#d']],
    ['--flag=x -y', ['--flag=x', '-y']],
    ['a%20b {a,b} ? *', ['a%20b', '{a,b}', '?', '*']],
    ['$"x y" $HOME', ['$x y']],
    ["$'x y' z", ["$'x y'", 'z']],
    ['a\\', ['a']],
  ])('%j has these words %j [CMD-2]', (text, words) => {
    expect(splitArguments(text)).toEqual(words);
  });

  test.each([
    ['a && b', ['a']],
    ['a & b', ['a']],
    ['a -> b c', ['a', '-']],
    ['a <b c', ['a']],
    ['a >x', ['a']],
    ['1>b c', ['c']],
    ['x ) y', ['x']],
    ['foo(bar) baz', ['foo', 'baz']],
    ['fix (the bug', ['fix']],
    ['`a b` c', ['a']],
    ['x `a b` c', ['x']],
    ['x $(a b) c', ['x']],
    ['x <(a b) c', ['x']],
    ['x a$(b c)d e', ['x', 'a$(b c)d', 'e']],
    ['a {1..3} b', ['a', 'b']],
    ['$(unclosed x', ['$(unclosed x']],
  ])('%j ends where a bash parser ends the command: %j [CMD-2]', (text, words) => {
    expect(splitArguments(text)).toEqual(words);
  });

  test.each([
    ['! x y', ['x', 'y']],
    ['then x', ['x']],
    ['do x', ['x']],
    ['time x y', ['time', 'x', 'y']],
    ['in a b', ['in', 'a', 'b']],
    ['select a b', ['b']],
    ['for x in 1 2; do y "z w"; done', ['y', 'z w']],
    ['a=b c', ['c']],
    ['a=(1 2) b', ['b']],
    ['[[ a ]] b', ['b']],
    ['[[ a[1] ]] b', ['b']],
    ['[x] y', ['y']],
    ['[x y', ['x', 'y']],
    ['{ a b; } c', ['a', 'b']],
    ['#c\n; d && e', ['d']],
    ["a='b c' d", ['d']],
  ])('the first command of %j has these words: %j [CMD-2]', (text, words) => {
    expect(splitArguments(text)).toEqual(words);
  });

  test.each(['done', 'A=1 B=2', '#a', 'a=(1 2', '\\', '[x]', '`', '``', 'for x in a b c', '{ }', '('])(
    '%j has no command and is split on white space [CMD-2]',
    (text) => {
      expect(splitArguments(text)).toEqual(text.split(' '));
    },
  );

  test.each([
    ['price is $5 ok', ['price', 'is', 'ok']],
    ['costs $5.00 now', ['costs', '$5.00', 'now']],
    ['a ${B:-c d} e', ['a', 'e']],
    ['a $((1 + 2)) $@ b', ['a', 'b']],
    ['a "$x y" x$y', ['a', '$x y', 'x$y']],
    ['x => y', ['x']],
    ['a = b == c', ['a', 'b', 'c']],
    ['$HOME a', ['$HOME', 'a']],
    ['${B:-c d} e', ['${B:-c d}', 'e']],
    ['$(a b) c', ['$(a b)', 'c']],
  ])('%j has no words that would be expanded, but for the first: %j [CMD-2]', (text, words) => {
    expect(splitArguments(text)).toEqual(words);
  });

  test.each([
    ["what's up", ["what's up"]],
    ["don't stop", ["don't stop"]],
    ['"a', ['"a']],
    ['x "y z', ['x', '"y z']],
    ['"a" "b', ['a', '"b']],
    ["x $'y z", ['x', "$'y z"]],
    ["a='b c", ["a='b", 'c']],
    ['>"x', ['>"x']],
  ])('%j, with an open quote, has one word from there on: %j [CMD-2]', (text, words) => {
    expect(splitArguments(text)).toEqual(words);
  });

  test('a quote that opens after the first command does not matter [CMD-2]', () => {
    expect(splitArguments("a; don't")).toEqual(['a']);
  });
});
