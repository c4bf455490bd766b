import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import request from 'supertest';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { deployment } from '../../support/deployments.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { says, status, streams } from '../../support/fake-upstream/step.ts';

const keyed = { CODEX_PLUS_API_KEYS: 'key-of-alice-0123456789,key-of-bob-0123456789' };
let stateDir: string;
let upstream: FakeUpstream;
let middleware: ComposedMiddleware;

beforeEach(async () => {
  stateDir = mkdtempSync(join(tmpdir(), 'codex-plus-usage-'));
  upstream = await startFakeUpstream();
  upstream.deploys([deployment('claude', 'anthropic'), deployment('gpt-5', 'openai')]);
  await start();
});

afterEach(async () => {
  await middleware.close();
  await upstream.close();
  rmSync(stateDir, { recursive: true, force: true });
});

async function start(): Promise<void> {
  middleware = await composeMiddleware(upstream.url, {
    ...keyed,
    CODEX_PLUS_USAGE_ENABLED: 'true',
    CODEX_PLUS_STATE_DIR: stateDir,
  });
}

async function call(model: string, key = 'key-of-alice-0123456789', more: object = {}): Promise<number> {
  const answer = await request(middleware.url)
    .post('/v1/chat/completions')
    .set('authorization', `Bearer ${key}`)
    .send({ model, messages: [{ role: 'user', content: 'hi' }], ...more });
  return answer.status;
}

interface Told {
  readonly data: readonly Readonly<Record<string, unknown>>[];
  readonly total: Readonly<Record<string, number>>;
}

async function told(query = ''): Promise<Told> {
  const answer = await request(middleware.url)
    .get(`/v1/usage${query}`)
    .set('authorization', 'Bearer key-of-alice-0123456789')
    .expect(200);
  return answer.body as Told;
}

test('what calls used is told by day, model and key, and outlives the process [API-2]', async () => {
  await call('gpt-5');
  await call('gpt-5', 'key-of-bob-0123456789');
  upstream.use(() => status(400, { error: { message: 'no', type: 'invalid_request_error' } }));
  await call('gpt-5');
  await middleware.close();
  await start();
  const { data, total } = await told();
  expect(
    data.map(({ model, key, requests, failed_requests: failed }) => [model, key, requests, failed]),
  ).toEqual([
    ['gpt-5', 'key-1', 2, 1],
    ['gpt-5', 'key-2', 1, 0],
  ]);
  expect(total['requests']).toBe(3);
  expect(total['input_tokens']).toBeGreaterThan(0);
  expect((await told('?by=model')).data).toHaveLength(1);
  expect((await told('?start=2000-01-01&end=2000-01-31')).total['requests']).toBe(0);
});

test('what a call used is written before its client can know that it is over [API-2]', async () => {
  const usage = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 };
  const chunk = { id: 'a', object: 'chat.completion.chunk', created: 1, model: 'gpt-5' };
  const delta = { index: 0, delta: { role: 'assistant', content: 'Hello.' }, finish_reason: 'stop' };
  const frames = [
    { ...chunk, choices: [delta] },
    { ...chunk, choices: [], usage },
  ].map((each) => JSON.stringify(each));
  // The connection stays open: nothing but the last frame tells that it is over.
  upstream.use(() =>
    streams([[...frames, '[DONE]'].map((data) => `data: ${data}\n\n`).join('')], { then: 'silence' }),
  );
  const left = new AbortController();
  const answer = await fetch(`${middleware.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer key-of-alice-0123456789' },
    body: JSON.stringify({
      ...{ model: 'gpt-5', messages: [{ role: 'user', content: 'hi' }], stream: true },
      stream_options: { include_usage: true },
    }),
    signal: left.signal,
  });
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (!text.includes('[DONE]')) text += (await reader?.read())?.value ?? '';
  const file = new DatabaseSync(join(stateDir, 'usage.sqlite'), { readOnly: true });
  const rows = file.prepare('SELECT requests, input_tokens, output_tokens FROM usage').all();
  file.close();
  left.abort();
  await reader?.cancel().catch(() => undefined);
  expect(rows.map((row) => ({ ...row }))).toEqual([{ requests: 1, input_tokens: 7, output_tokens: 3 }]);
  expect((await told()).total['requests']).toBe(1);
});

test('a translated stream counts, also where its client asked for no usage [API-2] [OBS-1]', async () => {
  upstream.use(() => says('Hello.'));
  expect(await call('claude', undefined, { stream: true })).toBe(200);
  const { total } = await told();
  expect(total['output_tokens']).toBeGreaterThan(0);
  const metrics = await request(middleware.url)
    .get('/metrics')
    .set('authorization', 'Bearer key-of-alice-0123456789');
  expect(metrics.text).toMatch(/tokens_total\{[^}]*model="claude"[^}]*\} [1-9]/);
});

test('the cost is that of the calls whose cost was told, and is missing where it was told of none [API-2]', async () => {
  await call('gpt-5');
  expect((await told()).total).toMatchObject({ requests: 1, priced_requests: 0 });
  expect((await told()).total).not.toHaveProperty('cost_usd');
  upstream.use(() => ({
    kind: 'answer',
    items: [{ kind: 'text', text: 'Hello.' }],
    headers: { 'x-litellm-response-cost': '0.25' },
  }));
  await call('gpt-5');
  expect((await told()).total).toMatchObject({ requests: 2, priced_requests: 1, cost_usd: 0.25 });
});

test('what cannot be written while another process has the file is written with the next call [API-2]', async () => {
  const another = new DatabaseSync(join(stateDir, 'usage.sqlite'));
  another.exec('BEGIN IMMEDIATE');
  expect(await call('gpt-5')).toBe(200);
  expect(middleware.lines.some(({ waiting }) => waiting === 1)).toBe(true);
  another.exec('COMMIT');
  another.close();
  expect(await call('gpt-5')).toBe(200);
  expect((await told()).total['requests']).toBe(2);
});

test('a file of another version, with a count less and one more, is gone on with [API-2]', async () => {
  await middleware.close();
  const file = new DatabaseSync(join(stateDir, 'usage.sqlite'));
  file.exec(
    'ALTER TABLE usage DROP COLUMN reasoning_tokens; ALTER TABLE usage ADD COLUMN pages INTEGER DEFAULT 0',
  );
  file.close();
  await start();
  expect(await call('gpt-5')).toBe(200);
  expect((await told()).total).toMatchObject({ requests: 1, reasoning_tokens: 4 });
});

test('a file that whoever tidies up took away is made again, with its folder [API-2]', async () => {
  expect(await call('gpt-5')).toBe(200);
  rmSync(stateDir, { recursive: true });
  expect(await call('gpt-5')).toBe(200);
  expect(await call('gpt-5')).toBe(200);
  await middleware.close();
  await start();
  expect((await told()).total['requests']).toBe(2);
});

test.each([
  ['?by=colour', 'by'],
  ['?start=yesterday', 'start'],
  ['?end=2026-13-45', 'end'],
  ["?start=2026-01-01'--", 'start'],
  ['?start=2026-11-30&end=2026-11-01', 'start'],
])('%s is refused by its name [API-2]', async (query, name) => {
  const answer = await request(middleware.url)
    .get(`/v1/usage${query}`)
    .set('authorization', 'Bearer key-of-alice-0123456789');
  expect(answer.status).toBe(400);
  expect(JSON.stringify(answer.body)).toContain(`\`${name}\``);
});

test('it is only read [API-2]', async () => {
  const answer = await request(middleware.url)
    .post('/v1/usage')
    .set('authorization', 'Bearer key-of-alice-0123456789');
  expect([answer.status, answer.headers['allow']]).toEqual([405, 'GET, HEAD, OPTIONS']);
  expect(answer.body).toMatchObject({ error: { code: 'method_not_allowed' } });
});

test('nobody without a key is told [API-2]', async () => {
  expect((await request(middleware.url).get('/v1/usage')).status).toBe(401);
});
