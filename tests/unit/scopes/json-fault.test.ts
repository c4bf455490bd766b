import { describe, expect, test } from '@jest/globals';
import { jsonFault, jsonPlace } from '../../../middleware/platform/config/scopes/files/json-fault.ts';

const sample = JSON.stringify(
  {
    permissions: { allow: ['Bash(a *)', 'Read(//x/**)'], deny: [] },
    env: { NUMBER: -1.5e-3, TEXT: 'line\n"quoted" \\ \u2028 é', ON: true, OFF: false, NONE: null },
    list: [[], {}, [{}], 0, 10, 1.25, 'x'],
  },
  undefined,
  2,
);

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('jsonFault', () => {
  test('it finds a fault exactly where JSON.parse does not read a text [CFG-1]', () => {
    const pieces = ['', ',', ':', '"', '{', '}', '[', ']', '\\', '0', '-', 'e', '//', ' ', '\u0001', 'null'];
    let broken = 0;
    for (let at = 0; at <= sample.length; at++) {
      for (const piece of pieces) {
        const cut = sample.slice(0, at) + piece;
        const texts = [cut, cut + sample.slice(at), cut + sample.slice(at + 1)];
        expect(texts.filter((text) => isJson(text) !== (jsonFault(text) === undefined))).toEqual([]);
        broken += texts.filter((text) => !isJson(text)).length;
      }
    }
    expect(broken).toBeGreaterThan(5_000);
  });

  for (const [text, line, column, reason] of [
    ['{"a":1,}', 1, 8, 'is not JSON: no comma may stand before "}"'],
    ['{\r\n  "a": tru\r\n}', 2, 8, 'is not JSON: a value is expected'],
    ['{\n  "a": 1\n  "b": 2\n}', 3, 3, 'is not JSON: "," or "}" is expected'],
    ["{'a':1}", 1, 2, 'is not JSON: a name in double quotes is expected'],
    ['{"a"=1}', 1, 5, 'is not JSON: ":" is expected'],
    [
      '{"a":"x\ny"}',
      1,
      6,
      'is not JSON: a text is not closed, or has a line break or an unknown escape in it',
    ],
    ['{"a":1 /* why */}', 1, 8, 'is not JSON: comments are not allowed'],
    ['{"a":[1', 1, 8, 'is not JSON: it ends too early'],
    ['{} x', 1, 4, 'is not JSON: only white space may follow the end of the value'],
  ] as const) {
    test(`${JSON.stringify(text)}: ${reason} [CFG-1]`, () => {
      expect(jsonFault(text)).toEqual({ line, column, reason });
    });
  }

  test('a text of a megabyte is gone through once', () => {
    expect(jsonFault(`{"a":"${'x'.repeat(1_000_000)}","b":[${'1,'.repeat(100_000)}1]}`)).toBeUndefined();
  });
});

describe('jsonPlace', () => {
  test('it finds names, indexes and escaped names, of repeated names the last, which is the one that counts [CFG-1]', () => {
    expect(jsonPlace(sample, ['permissions', 'allow', 1])).toEqual({ line: 5, column: 7 });
    expect(jsonPlace('{"a":1,"\\u0061":2}', ['a'])).toEqual({ line: 1, column: 17 });
    expect(jsonPlace(sample, [])).toEqual({ line: 1, column: 1 });
    expect(jsonPlace(sample, ['permissions', 'ask'])).toBeUndefined();
  });
});
