import { describe, expect, test } from '@jest/globals';
import { usageFromFrames, usageOfAnswer } from '../../../middleware/protocol/usage.ts';

const full = { inputTokens: 100, cachedInputTokens: 40, outputTokens: 10, reasoningTokens: 4, costUsd: 0.25 };
const responses = {
  input_tokens: 100,
  input_tokens_details: { cached_tokens: 40 },
  output_tokens: 10,
  output_tokens_details: { reasoning_tokens: 4 },
  cost: 0.25,
};
const chat = {
  prompt_tokens: 100,
  prompt_tokens_details: { cached_tokens: 40 },
  completion_tokens: 10,
  completion_tokens_details: { reasoning_tokens: 4 },
  cost: 0.25,
};

describe('usage', () => {
  test('of a JSON answer, in each API [OBS-1]', () => {
    expect(usageOfAnswer('responses', { usage: responses })).toEqual(full);
    expect(usageOfAnswer('chat', { usage: chat })).toEqual(full);
    expect(usageOfAnswer('completions', { usage: chat })).toEqual(full);
    // A counter takes nothing negative.
    expect(usageOfAnswer('chat', { usage: { ...chat, cost: -1 } })?.costUsd).toBeUndefined();
  });

  test('of an event stream: the last frame that has it; in Messages what stands at the start and at the end [OBS-1]', () => {
    const done = JSON.stringify({ type: 'response.completed', response: { usage: responses } });
    expect(usageFromFrames('responses', [done])).toEqual(full);
    expect(usageFromFrames('chat', ['{"usage":null}', JSON.stringify({ usage: chat }), '[DONE]'])).toEqual(
      full,
    );
    expect(
      usageFromFrames('messages', [
        '{"type":"message_start","message":{"usage":{"input_tokens":50,"cache_read_input_tokens":40,"cache_creation_input_tokens":10,"output_tokens":1}}}',
        '{"type":"message_delta","usage":{"output_tokens":10,"output_tokens_details":{"thinking_tokens":4},"cost":0.25}}',
      ]),
    ).toEqual(full);
  });

  test('is undefined where nothing is reported, and 0 where a part is missing [OBS-1]', () => {
    expect(usageOfAnswer('chat', {})).toBeUndefined();
    expect(usageOfAnswer('chat', { usage: [1] })).toBeUndefined();
    expect(usageFromFrames('responses', ['{"type":"response.completed","response":{}}'])).toBeUndefined();
    expect(usageOfAnswer('responses', { usage: { input_tokens: 3 } })).toEqual({
      inputTokens: 3,
      cachedInputTokens: 0,
      outputTokens: 0,
      reasoningTokens: 0,
      costUsd: undefined,
    });
  });
});
