import { expect, test } from '@jest/globals';
import { nestedSettings } from '../../../middleware/platform/config/api/nested-settings.ts';

test('a setting stands in its section, however deep that is', () => {
  const settings = { 'a.b.c': 1, d: [], 'a.e': 2, 'a.b.f': { g: 3 } };
  expect(nestedSettings(new Map<string, unknown>(Object.entries(settings)))).toEqual({
    a: { b: { c: 1, f: { g: 3 } }, e: 2 },
    d: [],
  });
});
