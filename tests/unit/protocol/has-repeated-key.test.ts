import { describe, expect, test } from '@jest/globals';
import { hasRepeatedKey } from '../../../middleware/protocol/json/has-repeated-key.ts';
import { growsLinearly } from '../../support/grows-linearly.ts';

describe('a key that an object has twice', () => {
  for (const json of [
    '{"command":"rm x","command":"ls"}',
    '{"command":"rm x","comm\\u0061nd":"ls"}',
    '{"command" : 1 ,\n"command"\t: 2}',
    '{"a":{"b":[1,{"c":1,"d":{},"c":2}]}}',
    '{"\\"":1,"\\"":2}',
    '{"__proto__":1,"__proto__":2}',
  ]) {
    test(`is found in ${json}`, () => {
      expect(hasRepeatedKey(json)).toBe(true);
    });
  }

  for (const json of [
    '{}',
    '[]',
    '"a"',
    '{"a":"a","b":"a"}',
    '{"a":{"a":1},"b":[{"a":1},{"a":1}]}',
    '{"a":"\\"b\\":","b":"{\\"a\\":1,\\"a\\":2}"}',
    '{"a":["a","a"],"a ":1}',
  ]) {
    test(`is not in ${json}`, () => {
      expect(hasRepeatedKey(json)).toBe(false);
    });
  }
});

test('the search for it takes work in proportion to the text', async () => {
  const make = (size: number): string =>
    `{"a":"${'\\\\"'.repeat(size)}","b":${'['.repeat(size)}${']'.repeat(size)}}`;
  await growsLinearly(make, hasRepeatedKey, 100_000);
});
