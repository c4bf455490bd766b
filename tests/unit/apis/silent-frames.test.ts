import { expect, test } from '@jest/globals';
import { codecOf } from '../../../middleware/protocol/apis/codec-of.ts';

const text = (said: string, end: string | null = null): string =>
  JSON.stringify({ choices: [{ index: 0, text: said, finish_reason: end }] });

test.each([
  ['', true],
  ['[DONE]', true],
  [text(''), true],
  [text('a'), false],
  [text('', 'stop'), false],
  ['{"error":{"message":"nope"}}', false],
  ['no JSON', false],
])('[PX-4] a frame of the Completions API says nothing: %s %s', (data, isSilent) => {
  expect(codecOf('completions').answer.isSilent(data)).toBe(isSilent);
});
