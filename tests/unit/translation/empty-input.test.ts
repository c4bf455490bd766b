import { expect, test } from '@jest/globals';
import { readResponsesRequest } from '../../../middleware/protocol/apis/responses/translation/read-request.ts';

test('[RT-4] an empty input is refused as OpenAI refuses it, also with instructions', () => {
  for (const body of [{ input: [] }, { input: [], instructions: 'Be brief.' }])
    expect(() => readResponsesRequest({ model: 'claude', ...body })).toThrow(
      'one of `input` or `previous_response_id` must be given; `input` is an empty list',
    );
});

test('[RT-4] a prompt that is kept at OpenAI is refused as that, and not for the input that it has', () => {
  expect(() => readResponsesRequest({ model: 'claude', prompt: { id: 'pmpt_1' } })).toThrow(
    "this model's provider keeps no prompts",
  );
});
