import { describe, expect, test } from '@jest/globals';
import { positionalHint } from '../../../middleware/features/commands/expand/positional-hint.ts';
import { substitute } from '../../../middleware/features/commands/expand/substitute.ts';

const from = (body: string, args: string, options: Partial<Parameters<typeof substitute>[1]> = {}) =>
  substitute(body, { args, argumentNames: [], firstPositional: 0, variables: {}, ...options });

describe('substitute', () => {
  test('tells which stretches of the text came from the arguments [CMD-2]', () => {
    expect(from('a $0 b $ARGUMENTS', 'xy z')).toEqual({
      text: 'a xy b xy z',
      inserted: [
        { start: 2, end: 4 },
        { start: 7, end: 11 },
      ],
    });
    expect(from('body', 'xy')).toEqual({ text: 'body\n\nARGUMENTS: xy', inserted: [{ start: 17, end: 19 }] });
  });

  test('breaks up what would begin a shell line in a value, also inside it [CMD-2]', () => {
    expect(from('[$ARGUMENTS]', '!a !`b`\n!c d!e').text).toBe('[\\!a \\! `b`\n\\!c d!e]');
  });

  test('an escaped placeholder takes no arguments, so that they are added [CMD-2]', () => {
    expect(from('\\$ARGUMENTS', 'x').text).toBe('$ARGUMENTS\n\nARGUMENTS: x');
  });

  test('three backslashes leave two and keep the placeholder [CMD-2]', () => {
    expect(from('\\\\\\$0', 'x').text).toBe('\\\\$0\n\nARGUMENTS: x');
  });

  test('an index in brackets counts from where positions count [CMD-2]', () => {
    expect(from('$ARGUMENTS[1] $ARGUMENTS[x]', 'a b').text).toBe('b a b[x]');
    expect(from('$ARGUMENTS[1] $ARGUMENTS[0]', 'a b', { firstPositional: 1 }).text).toBe('a $ARGUMENTS[0]');
  });

  test('the longer of two names that begin alike is taken [CMD-2]', () => {
    expect(from('$file-name $file $filed', 'a b', { argumentNames: ['file', 'file-name'] }).text).toBe(
      'b a $filed',
    );
  });

  test('variables are filled in and take no arguments; one without a value stays [CMD-2]', () => {
    expect(from('${CLAUDE_SESSION_ID} ${OTHER}', 'x', { variables: { CLAUDE_SESSION_ID: '$0' } }).text).toBe(
      '$0 ${OTHER}\n\nARGUMENTS: x',
    );
  });
});

describe('positionalHint', () => {
  test.each([
    ['$0 $1', 0],
    ['$ARGUMENTS', 0],
    ['costs \\$1', 0],
    ['$1 $2', 1],
    ['$2', 1],
  ] as const)('%j, counted from %i, is fine [CMD-2]', (body, first) => {
    expect(positionalHint(body, first)).toBeUndefined();
  });

  test.each([
    ['$1 $2', 0],
    ['$ARGUMENTS[1]', 0],
    ['$0 $1', 1],
    ['$ARGUMENTS[0]', 1],
  ] as const)('%j, counted from %i, gets a hint [CMD-2]', (body, first) => {
    expect(positionalHint(body, first)).toMatch(
      first === 0 ? /^\$1 is the second/ : /^\$0 stands for nothing/,
    );
  });
});
