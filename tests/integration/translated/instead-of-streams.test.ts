import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { deployment } from '../../support/deployments.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { status, streams } from '../../support/fake-upstream/step.ts';
import { callRaw } from '../../support/raw-client.ts';

let upstream: FakeUpstream;
let litellm: ComposedMiddleware;

beforeAll(async () => {
  upstream = await startFakeUpstream();
  upstream.deploys([deployment('claude', 'anthropic')]);
  litellm = await composeMiddleware(upstream.url, {});
});

afterAll(async () => {
  await litellm.close();
  await upstream.close();
});

const paths = ['/v1/messages', '/v1/responses', '/v1/chat/completions'] as const;

function bodyFor(path: string, stream: boolean): string {
  const messages = [{ role: 'user', content: 'hi' }];
  const said = path === '/v1/responses' ? { input: 'hi' } : { messages, max_tokens: 9 };
  return JSON.stringify({ model: 'claude', stream, ...said });
}

/** What a client gets where LiteLLM passes `pieces` on as an event stream. */
async function streamed(path: string, ...pieces: readonly string[]): Promise<string> {
  upstream.use(() => streams(pieces));
  const answer = await callRaw(litellm.port, { path, body: bodyFor(path, true) });
  expect(answer.status).toBe(200);
  return answer.body.toString();
}

/** The same of an error, which is one also by its status where it came before the head went out. */
async function failed(path: string, ...pieces: readonly string[]): Promise<string> {
  upstream.use(() => streams(pieces));
  const answer = await callRaw(litellm.port, { path, body: bodyFor(path, true) });
  const told = answer.body.toString();
  if (answer.status !== 502)
    expect([answer.status, told]).toEqual([
      200,
      expect.stringMatching(/event: error|response\.failed|data: \{"error"/),
    ]);
  else expect(JSON.parse(told)).toMatchObject({ error: { code: expect.any(String) as unknown } });
  return told;
}

const content = [
  { type: 'thinking', thinking: 'hm', signature: 'sig' },
  { type: 'text', text: 'Good answer.', citations: [{ type: 'char_location', cited_text: 'c' }] },
  { type: 'redacted_thinking', data: 'x' },
  { type: 'tool_use', id: 'toolu_1', name: 'weather', input: { city: 'Bern' } },
];
const message = {
  ...{ id: 'msg_1', type: 'message', role: 'assistant', model: 'm', content },
  ...{ stop_reason: 'tool_use', stop_sequence: null, usage: { input_tokens: 3, output_tokens: 5 } },
};

describe.each(paths)('[RT-4] what Anthropic answers in the place of a stream, to clients of %s', (path) => {
  test.each([
    ['{"error":{"message":"nope"}}', 'nope'],
    [' \n{\n\n"type":"error","error":{"type":"api_error","message":"nope"}}\n', 'nope'],
    ['{"error":"nope"}', 'nope'],
    ['<html><head><title>Down</title></head></html>', 'and the page \\"Down\\"'],
    ['\ufeff<!DOCTYPE html><title>Down</title>', 'and the page \\"Down\\"'],
    ['{"error":{"mess', 'ended before it was whole'],
    ['{"hello":"world"}', 'JSON that is no answer of a model'],
  ])('keeps its words: %s', async (body, words) => {
    for (const pieces of [[body], Array.from(body)]) {
      const told = await failed(path, ...pieces);
      expect(told).toContain(words);
      expect(told).not.toMatch(/message_stop|response\.completed|"finish_reason":"/);
    }
  });

  test('is read where it is a whole answer', async () => {
    for (const pieces of [[JSON.stringify(message)], Array.from(JSON.stringify(message, undefined, 1))]) {
      const told = await streamed(path, ...pieces);
      expect(told).toContain('Good answer.');
      expect(told).toContain('Bern');
      expect(told).toMatch(/message_stop|response\.completed|"finish_reason":"tool_calls"/);
    }
  });

  test('has to be within the bounds of an answer', async () => {
    const bounded = await composeMiddleware(upstream.url, { CODEX_PLUS_MAX_EVENT_BYTES: '1024' });
    upstream.use(() => streams([JSON.stringify(message), ' '.repeat(2000)]));
    const answer = await callRaw(bounded.port, { path, body: bodyFor(path, true) });
    expect(answer.body.toString()).toContain('raise limits.maxEventBytes');
    await bounded.close();
  });
});

test('[RT-4] the SDK puts the same message together of it', async () => {
  upstream.use(() => streams([JSON.stringify(message)]));
  const client = new Anthropic({ baseURL: litellm.url, apiKey: 'unused', maxRetries: 0 });
  const messages = [{ role: 'user' as const, content: 'hi' }];
  const said = await client.messages.stream({ model: 'claude', max_tokens: 9, messages }).finalMessage();
  expect(said).toMatchObject(message);
});

test('[RT-4] a stream passes as it is, whatever spaces it begins with', async () => {
  const stream = [
    ...['event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"end_turn"}}\n\n'],
    ...['event: message_stop\ndata: {"type":"message_stop"}\n\n'],
  ].join('');
  expect(await streamed('/v1/messages', '\n', '\n', `\r\n${stream}`)).toBe(`\n\n\r\n${stream}`);
  expect(await streamed('/v1/messages', `\ufeff${stream}`)).toBe(`\ufeff${stream}`);
});

test.each(paths)('[RT-4] an error under the status of an answer is one, for clients of %s', async (path) => {
  upstream.use(() => status(200, { error: { message: 'nope' }, stop_sequence: null }));
  const answer = await callRaw(litellm.port, { path, body: bodyFor(path, false) });
  expect(answer.status).toBe(502);
  expect(JSON.parse(answer.body.toString())).toMatchObject({
    error: { message: 'nope', code: 'upstream_refused' },
  });
});
