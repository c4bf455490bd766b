import { expect, test } from '@jest/globals';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { chatClient } from '../../../middleware/protocol/apis/chat/translation/client.ts';
import { completionsClient } from '../../../middleware/protocol/apis/completions/translation/client.ts';

const request = (body: JsonObject): JsonObject => ({ model: 'm', prompt: 'hi', ...body });

test.each([
  ['a text', 'hi'],
  ['a list of one text', ['hi']],
])('a prompt that is %s is what a user says [API-1]', (_, prompt) => {
  expect(completionsClient.readRequest(request({ prompt, max_tokens: 5, stop: 'x' }))).toMatchObject({
    ...{ model: 'm', isStreamed: false, maxOutputTokens: 5, stops: ['x'] },
    entries: [{ kind: 'user', parts: [{ kind: 'text', text: 'hi' }] }],
  });
});

test.each([
  [{ prompt: undefined }, 'prompt'],
  [{ prompt: ' ' }, 'prompt'],
  [{ prompt: ['a', 'b'] }, 'prompt'],
  [{ prompt: [1, 2, 3] }, 'prompt'],
  [{ n: 2 }, 'n'],
  [{ best_of: 3 }, 'best_of'],
  [{ echo: true }, 'echo'],
  [{ suffix: 'end' }, 'suffix'],
  [{ logprobs: 5 }, 'logprobs'],
])('%j is refused by its name [API-1]', (body, name) => {
  expect(() => completionsClient.readRequest(request(body))).toThrow(`\`${name}\``);
});

test.each([
  [{ stream_options: { include_usage: true } }, true],
  [{ include_usage: true }, true],
  [{ include_usage: false }, false],
  [{}, false],
])('%j: the usage of a stream is told: %s [API-1]', (asked, isTold) => {
  expect(completionsClient.readRequest(request({ stream: true, ...asked })).wantsUsage).toBe(isTold);
  const chat = { model: 'm', messages: [{ role: 'user', content: 'hi' }], stream: true, ...asked };
  expect(chatClient.readRequest(chat).wantsUsage).toBe(isTold);
});

test('a stream has one id, its texts once, its reason, its usage where it was asked for, and its end [API-1]', () => {
  const writer = completionsClient.openWriter(
    completionsClient.readRequest(request({ stream: true, stream_options: { include_usage: true } })),
    1,
  );
  const usage = {
    ...{ inputTokens: 3, cachedInputTokens: 1, cacheWriteTokens: 0 },
    ...{ outputTokens: 2, reasoningTokens: 0, costUsd: undefined },
  };
  const frames = [
    ...writer.write({ kind: 'begin', id: undefined, model: undefined }),
    ...writer.write({ kind: 'reasoning', delta: 'hm' }),
    ...writer.write({ kind: 'text', delta: 'a' }),
    ...writer.write({ kind: 'text', delta: 'b' }),
    ...writer.write({ kind: 'text-end' }),
    ...writer.write({ kind: 'end', reason: 'limit', usage }),
  ].map(({ data = '' }) => data);
  expect(frames.at(-1)).toBe('[DONE]');
  const events = frames.slice(0, -1).map((data) => JSON.parse(data) as JsonObject);
  expect(new Set(events.map(({ id }) => id)).size).toBe(1);
  expect(events).toMatchObject([
    { choices: [{ text: 'a', finish_reason: null }] },
    { choices: [{ text: 'b', finish_reason: null }] },
    { choices: [{ text: '', finish_reason: 'length' }] },
    { choices: [], usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 } },
  ]);
});
