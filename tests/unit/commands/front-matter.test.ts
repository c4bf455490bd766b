import { describe, expect, test } from '@jest/globals';
import { readSettings } from '../../../middleware/features/commands/find/front-matter.ts';
import { parseToolList } from '../../../middleware/features/commands/find/tool-list.ts';
import { splitFrontMatter } from '../../../middleware/platform/config/front-matter.ts';

describe('splitFrontMatter', () => {
  test.each([
    ['---\na: 1\n---\nBody\n', { data: { a: 1 }, body: 'Body\n' }],
    ['---\n---\nBody', { data: {}, body: 'Body' }],
    ['---\na: 1\n---', { data: { a: 1 }, body: '' }],
    ['---\r\na: b\r\n---\r\nBody\r\nmore', { data: { a: 'b' }, body: 'Body\r\nmore' }],
    ['\uFEFF---\na: b\n---\nBody', { data: { a: 'b' }, body: 'Body' }],
    ['---\na: |\n  one\n  two\n---\n\nBody', { data: { a: 'one\ntwo\n' }, body: '\nBody' }],
    ['---\na: 1\n----\n---\nBody', { data: { a: 1 }, body: 'Body' }],
    ['--- \na: 1\n---\t\nBody', { data: { a: 1 }, body: 'Body' }],
    ['---\njust a text\n---\nBody', { data: {}, body: 'Body' }],
    ['---\n- a\n---\nBody', { data: {}, body: 'Body' }],
  ])('%j is cut into %j [CMD-1]', (text, parts) => {
    expect(splitFrontMatter(text)).toEqual(parts);
  });

  test.each(['', 'Body', '---', '---\na: 1\nBody', ' ---\na: 1\n---\n', '\n---\na: 1\n---\n'])(
    '%j has no front matter [CMD-1]',
    (text) => {
      expect(splitFrontMatter(text)).toEqual({ data: {}, body: text });
    },
  );

  test('where the YAML is broken, each key is read by itself, and its line as it stands if need be [CMD-1]', () => {
    const yaml = [
      'description: Bad: colon # x',
      'argument-hint: [a] [b]',
      'name: [unclosed',
      'allowed-tools:',
      '  - Read',
      '- Write',
      'disable-model-invocation: true',
      'a line of its own',
      'model: "quoted"',
      'tab:\tbed',
      'effort:',
    ].join('\n');
    expect(splitFrontMatter(`---\n${yaml}\n---\n`).data).toEqual({
      description: 'Bad: colon # x',
      'argument-hint': '[a] [b]',
      name: '[unclosed',
      'disable-model-invocation': true,
      model: 'quoted',
      tab: 'bed',
      effort: null,
    });
  });

  test('front matter beyond a bound is not read, and the body is kept [CMD-1]', () => {
    const tenfold = Array.from(
      { length: 9 },
      (_, level) => `a${level + 1}: &a${level + 1} [${Array(10).fill(`*a${level}`).join(',')}]`,
    );
    const aliases = ['a0: &a0 x', ...tenfold, 'description: *a9'].join('\n');
    expect(aliases.length).toBeLessThan(600);
    const manyValues =
      'has front matter that stands for more than 10000 values, or is nested deeper than 32 levels';
    expect(splitFrontMatter(`---\n${aliases}\n---\nBody`)).toEqual({
      data: {},
      body: 'Body',
      fault: manyValues,
    });
    const long = `description: ${'x'.repeat(65_536)}`;
    const tooLong = 'has front matter of more than 64 KiB';
    expect(splitFrontMatter(`---\n${long}\n---\nBody`)).toEqual({ data: {}, body: 'Body', fault: tooLong });
  });

  test('what is nested too deeply is no YAML, and costs only its own key [CMD-1]', () => {
    const deep = '['.repeat(20_000);
    const { data, fault } = splitFrontMatter(`---\nmodel: gpt-5\ndescription: ${deep}\n---\n`);
    expect({ data, fault }).toEqual({ data: { model: 'gpt-5', description: deep }, fault: undefined });
  });

  test('a few aliases are fine [CMD-1]', () => {
    const { data } = splitFrontMatter('---\na: &tools [Read, Write]\nallowed-tools: *tools\n---\n');
    expect(data['allowed-tools']).toEqual(['Read', 'Write']);
  });

  test('a key named __proto__ changes no prototype [CMD-1]', () => {
    const { data } = splitFrontMatter('---\n__proto__: {polluted: 1}\n---\n');
    expect(Object.getPrototypeOf(data)).toBe(Object.prototype);
    expect('polluted' in data).toBe(false);
  });
});

describe('readSettings', () => {
  const nothing = {
    alias: undefined,
    description: undefined,
    whenToUse: undefined,
    argumentHint: undefined,
    allowedTools: [],
    disallowedTools: [],
    argumentNames: [],
    model: undefined,
    effort: undefined,
    userInvocable: true,
    disableModelInvocation: false,
    hooks: undefined,
  };

  test('a value of a kind that its key cannot have counts as absent [CMD-1]', () => {
    const data = {
      description: ['a', 'b'],
      model: 4,
      'allowed-tools': { a: 1 },
      arguments: 7,
      'when-to-use': 'x',
    };
    expect(readSettings(data)).toEqual(nothing);
  });

  test('every key is read [CMD-1]', () => {
    const hooks = { Stop: [] };
    expect(
      readSettings({
        name: 'other',
        description: ' D ',
        when_to_use: 'W',
        'argument-hint': ['name'],
        'allowed-tools': ['Read', 'Bash(a b)'],
        'disallowed-tools': 'Write',
        arguments: ' file level',
        model: 'haiku',
        effort: 'high',
        'user-invocable': false,
        'disable-model-invocation': true,
        hooks,
      }),
    ).toEqual({
      alias: 'other',
      description: 'D',
      whenToUse: 'W',
      argumentHint: 'name',
      allowedTools: ['Read', 'Bash(a b)'],
      disallowedTools: ['Write'],
      argumentNames: ['file', 'level'],
      model: 'haiku',
      effort: 'high',
      userInvocable: false,
      disableModelInvocation: true,
      hooks,
    });
  });

  test('an argument name that looks like a position stands for nothing and keeps its place [CMD-2]', () => {
    expect(readSettings({ arguments: ['0', 'b.*', 'c'] }).argumentNames).toEqual(['', '', 'c']);
  });
});

describe('parseToolList', () => {
  test.each([
    ['Read, Bash(git add:*), Edit', ['Read', 'Bash(git add:*)', 'Edit']],
    ['Read Bash(git add:*)', ['Read', 'Bash(git add:*)']],
    ['Bash(echo a, b) ,, Read', ['Bash(echo a, b)', 'Read']],
    [
      ['Read', 'Bash(a, b)'],
      ['Read', 'Bash(a, b)'],
    ],
    ['Bash(unclosed a, b', ['Bash(unclosed a, b']],
    [undefined, []],
  ])('%j names %j [CMD-1]', (value, rules) => {
    expect(parseToolList(value)).toEqual(rules);
  });
});
