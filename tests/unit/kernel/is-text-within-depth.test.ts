import { expect, test } from '@jest/globals';
import { isTextWithinDepth } from '../../../middleware/kernel/bounds/is-text-within-depth.ts';

test.each([
  ['[[1],[2],{"a":3}]', true],
  ['[[[1]]]', false],
  ['["[[[[",{"{{{{":"\\\\"}]', true],
  ['["\\"[[[["]', true],
  ['["\\\\",[[', false],
  ['1', true],
])('%s is nested two levels deep at most: %s [MCP-2]', (json, isWithin) => {
  expect(isTextWithinDepth(json, 2)).toBe(isWithin);
});
