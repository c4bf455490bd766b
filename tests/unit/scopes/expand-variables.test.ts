import { describe, expect, test } from '@jest/globals';
import { expandAll, expandVariables } from '../../../middleware/platform/config/scopes/expand-variables.ts';

const env = { FOO: 'foo', BAR: 'bar', EMPTY: '', GONE: undefined };

describe('expandVariables', () => {
  for (const [written, expected] of [
    ['a=${FOO}', 'a=foo'],
    ['${NOPE:-def}', 'def'],
    ['${FOO:-def}', 'foo'],
    ['$FOO', '$FOO'],
    ['${EMPTY:-def}', ''],
    ['${FOO}x${BAR}', 'fooxbar'],
    ['${NOPE:-a b:c}', 'a b:c'],
    ['${NOPE:-}', ''],
    ['${NOPE}', '${NOPE}'],
    ['${GONE:-def}', 'def'],
    ['${constructor}', '${constructor}'],
    ['${}', '${}'],
    ['${1}', '${1}'],
  ] as const) {
    test(`${written} becomes ${expected}, as in Claude Code 2.1.329 [CFG-1]`, () => {
      expect(expandVariables(written, env)).toBe(expected);
    });
  }

  test('a value is not looked at again: what a variable holds is no pattern', () => {
    expect(expandVariables('${ONE}', { ONE: '${TWO}', TWO: 'x' })).toBe('${TWO}');
  });
});

describe('expandAll', () => {
  test('texts at any depth are replaced; what has none is the same object [CFG-1]', () => {
    expect(expandAll({ a: ['${FOO}', 1, null], b: { '${FOO}': '${BAR}' } }, env)).toEqual({
      a: ['foo', 1, null],
      b: { '${FOO}': 'bar' },
    });
    const plain = { a: [1, { b: 'x' }] };
    expect(expandAll(plain, env)).toBe(plain);
  });
});
