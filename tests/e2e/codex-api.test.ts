import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OpenAI from 'openai';
import { codexProgram } from '../support/codex-program.ts';
import { composeMiddleware, type ComposedMiddleware } from '../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../support/fake-upstream/fake-upstream.ts';
import { calls, says } from '../support/fake-upstream/step.ts';

let upstream: FakeUpstream;
let middleware: ComposedMiddleware;
let client: OpenAI;

beforeAll(async () => {
  upstream = await startFakeUpstream();
  middleware = await composeMiddleware(upstream.url, {
    CODEX_PLUS_CODEX_ENABLED: 'true',
    CODEX_PLUS_CODEX_PROGRAM: codexProgram,
    CODEX_PLUS_STATE_DIR: mkdtempSync(join(tmpdir(), 'codex-plus-api-')),
  });
  client = new OpenAI({ baseURL: `${middleware.url}/v1`, apiKey: 'unused', maxRetries: 0 });
});

afterAll(async () => {
  await middleware.close();
  await upstream.close();
});

const hello = [{ role: 'user' as const, content: 'Say hello.' }];

test('Codex answers a chat, with what the model used [API-1]', async () => {
  upstream.use(() => says('Hello from Codex.'));
  const answer = await client.chat.completions.create({ model: 'codex-5', messages: hello });
  expect(answer.choices[0]?.message.content).toBe('Hello from Codex.');
  expect(answer.choices[0]?.finish_reason).toBe('stop');
  expect(answer.usage?.prompt_tokens).toBeGreaterThan(0);
});

test('a stream begins with the role, says each text once and ends with [DONE] [API-1]', async () => {
  upstream.use(() => says('Hello from Codex.'));
  const stream = await client.chat.completions.create({
    ...{ model: 'codev-5-high', messages: hello, stream: true },
    stream_options: { include_usage: true },
  });
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  expect(chunks[0]?.choices[0]?.delta.role).toBe('assistant');
  expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe('Hello from Codex.');
  expect(new Set(chunks.map(({ id, created }) => `${id} ${created}`)).size).toBe(1);
  expect(upstream.requests.at(-1)?.json?.['reasoning']).toMatchObject({ effort: 'high' });
});

test('a tool of the client comes back as a call, and its result is answered [API-1]', async () => {
  const tools = [
    {
      type: 'function' as const,
      function: { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
    },
  ];
  upstream.use(() => calls('weather', { city: 'Bern' }));
  const asked = await client.chat.completions.create({ model: 'codex-5', messages: hello, tools });
  const [choice] = asked.choices;
  expect(choice?.finish_reason).toBe('tool_calls');
  const [call] = choice?.message.tool_calls ?? [];
  expect(call).toMatchObject({ function: { name: 'weather', arguments: '{"city":"Bern"}' } });
  upstream.use(() => says('Sunny.'));
  const answered = await client.chat.completions.create({
    model: 'codex-5',
    tools,
    messages: [
      ...hello,
      ...(choice === undefined ? [] : [choice.message]),
      { role: 'tool', tool_call_id: call?.id ?? '', content: 'sun' },
    ],
  });
  expect(answered.choices[0]?.message.content).toBe('Sunny.');
});
