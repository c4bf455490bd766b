import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { objectIn, type JsonObject } from '../../../middleware/kernel/json-object.ts';
import { objectsIn } from '../../../middleware/protocol/apis/common/read-event.ts';
import { sealSummary } from '../../../middleware/protocol/translation/original.ts';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { deployment } from '../../support/deployments.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { findViolations } from '../../support/fake-upstream/invariants.ts';
import { calls, says, status, type Step } from '../../support/fake-upstream/step.ts';
import { callRaw } from '../../support/raw-client.ts';

let upstream: FakeUpstream;
let middleware: ComposedMiddleware;

beforeAll(async () => {
  upstream = await startFakeUpstream();
  const own = (model_name: string, api_base?: string): object => ({
    model_name,
    litellm_params: { model: 'openai/my-own', ...(api_base === undefined ? {} : { api_base }) },
    model_info: { mode: 'chat' },
  });
  upstream.deploys([
    ...[own('mine', 'http://10.1.2.3:8000/v1'), own('either'), own('either', 'http://10.1.2.3/v1')],
    deployment('claude', 'anthropic'),
  ]);
  middleware = await composeMiddleware(upstream.url, {
    OPENAI_API_BASE: `${upstream.url}/v1`,
    OPENAI_API_KEY: 'sk-openai-real-0123456789',
  });
});

afterAll(async () => {
  await middleware.close();
  await upstream.close();
});

beforeEach(() => {
  upstream.forget();
  middleware.setLitellm(upstream.url);
});

const unknown = new Set<unknown>(['compaction', 'compaction_trigger']);

/** A server that has the Responses API, and no compaction in it. */
function answers(step: Step): void {
  upstream.use(({ url, json }) => {
    if (url.endsWith('/messages')) return step;
    if (!url.endsWith('/responses')) return status(404, { detail: 'Not Found' });
    const body = objectIn(json);
    const odd = objectsIn(body['input']).find(({ type }) => unknown.has(type));
    const [fault] = odd === undefined ? findViolations(body) : [`no ${String(odd['type'])} is taken`];
    return fault === undefined ? step : status(400, { error: { message: fault } });
  });
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

async function post(path: string, body: object): Promise<Answer> {
  const { status: code, body: bytes } = await callRaw(middleware.port, { path, body: JSON.stringify(body) });
  return { status: code, text: bytes.toString() };
}

const summary = 'The user wanted the file renamed; it is.';
const said = [
  { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'rename the file' }] },
  { type: 'function_call', call_id: 'call_1', name: 'look', arguments: '{}' },
  { type: 'function_call_output', call_id: 'call_1', output: 'a.txt' },
  { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'it is renamed' }] },
];
const now = { role: 'user', content: 'and now?' };
const tools = [{ type: 'function', name: 'look', parameters: { type: 'object', properties: {} } }];
const asked = [...said, { type: 'compaction_trigger' }];
const ways = [
  ['its own path', '/v1/responses/compact', said, false],
  ['an item', '/v1/responses', asked, false],
  ['an item, streamed', '/v1/responses', asked, true],
] as const;

/** The items of a whole answer, or of the last event of one that was streamed. */
function outputOf({ text }: Answer): readonly JsonObject[] {
  const lines = text.split('\n').filter((line) => line.startsWith('data: '));
  const last = objectIn(JSON.parse(lines.at(-1)?.slice(6) ?? text));
  return objectsIn((lines.length === 0 ? last : objectIn(last['response']))['output']);
}

describe.each([
  ['mine', true],
  ['either', true],
  ['gpt-5', false],
])('[PX-6] a server of one’s own that has no compaction: %s (with LiteLLM: %s)', (model, isLitellmThere) => {
  beforeEach(() => {
    middleware.setLitellm(isLitellmThere ? upstream.url : undefined);
  });

  test.each(ways)('sums up by %s, and goes on from that', async (_way, path, input, stream) => {
    answers(says(summary));
    const answer = await post(path, { model, input, tools, stream });
    const output = outputOf(answer);
    expect([answer.status, output]).toEqual([
      200,
      [{ id: expect.any(String), type: 'compaction', encrypted_content: sealSummary(summary) }],
    ]);
    expect(upstream.requests.map(({ url }) => url)).toEqual(['/v1/responses']);
    const sent = upstream.requests[0]?.json;
    expect(sent).toEqual({
      ...{ model, tools, stream, tool_choice: 'none' },
      ...(path.endsWith('compact') ? { store: false } : {}),
      // The conversation as it came, with what the provider has in its cache.
      input: [...said, { type: 'message', role: 'user', content: [expect.anything()] }],
    });
    expect(upstream.requests[0]?.raw.toString()).toContain('is about to be replaced by a summary');
    const next = [...output, now];
    for (const again of [
      await post('/v1/responses', { model, input: next, stream }),
      await post('/v1/responses/compact', { model, input: next }),
      await post('/v1/responses', { model, input: [...next, { type: 'compaction_trigger' }], stream }),
    ]) {
      expect([again.status, again.text.includes('"failed"')]).toEqual([200, false]);
      const raw = upstream.requests.at(-1)?.raw.toString() ?? '';
      expect([raw.includes(summary), raw.includes('"encrypted_content"')]).toEqual([true, false]);
    }
  });

  test('never gives half a summary, or none, for one', async () => {
    const cut = {
      ...{ id: 'resp_1', object: 'response', status: 'incomplete' },
      incomplete_details: { reason: 'max_output_tokens' },
      output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'The user' }] }],
    };
    const patch = { type: 'custom_tool_call', id: 'ctc_1', call_id: 'call_9', name: 'edit', input: 'x' };
    const acting = { ...cut, status: 'completed', incomplete_details: null, output: [...cut.output, patch] };
    for (const step of [calls('look', {}), says(' '), status(200, cut), status(200, acting)]) {
      answers(step);
      const byPath = await post('/v1/responses/compact', { model, input: said, tools });
      const byItem = await post('/v1/responses', { model, input: asked, tools });
      expect([byPath.status, objectIn(JSON.parse(byItem.text))['status']]).toEqual([502, 'failed']);
    }
  });

  test('gets every other call as it came', async () => {
    answers(says('Done.'));
    const thought = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'of-its-own' };
    const asks = 'what is a "compaction_trigger"?';
    for (const input of [asks, said, [...said, thought, { role: 'user', content: asks }]]) {
      const body = JSON.stringify({ model, input, tools });
      await callRaw(middleware.port, { path: '/v1/responses', body });
      expect(upstream.requests.at(-1)?.raw.toString()).toBe(body);
    }
  });
});

describe('[PX-6] what a server of one’s own keeps, or made itself, is part of what it sums up', () => {
  const prompt = {
    type: 'message',
    role: 'user',
    content: [{ type: 'input_text', text: expect.stringContaining('Write that summary now') }],
  };

  test.each([
    ['a summary of its own', { input: [{ type: 'compaction', encrypted_content: 'gAAAAown' }, now] }],
    ['its thoughts', { input: [{ type: 'reasoning', summary: [], encrypted_content: 'gAAAAown' }, now] }],
    ['an answer that it keeps', { input: [now], previous_response_id: 'resp_1' }],
    ['a conversation that it keeps', { input: [now], conversation: { id: 'conv_1' } }],
    ['an item that it keeps', { input: [{ type: 'item_reference', id: 'msg_1' }, now] }],
    [
      'a file that it keeps',
      { input: [{ role: 'user', content: [{ type: 'input_file', file_id: 'file_1' }] }] },
    ],
  ])('%s', async (_what, { input, ...more }) => {
    upstream.use(() => says(summary));
    const byItem = { model: 'mine', input: [...input, { type: 'compaction_trigger' }], ...more };
    const byPath = { model: 'mine', input, ...more };
    for (const [path, body] of [
      ['/v1/responses', byItem],
      ['/v1/responses/compact', byPath],
    ] as const) {
      expect(outputOf(await post(path, body))).toMatchObject([{ encrypted_content: sealSummary(summary) }]);
      const { url, json } = upstream.requests.at(-1) ?? {};
      expect([url, json]).toEqual([
        '/v1/responses',
        expect.objectContaining({ ...more, input: [...input, prompt] }),
      ]);
    }
  });

  test.each(['rename it', undefined])('an input that is no list: %s', async (input) => {
    upstream.use(() => says(summary));
    const body = { model: 'mine', input, previous_response_id: 'resp_1' };
    expect((await post('/v1/responses/compact', body)).status).toBe(200);
    const told = input === undefined ? [] : [{ role: 'user', content: input }];
    expect(upstream.requests[0]?.json?.['input']).toEqual([...told, prompt]);
  });

  test.each([[], undefined, null])('is not there where an input says nothing: %j', async (input) => {
    upstream.use(() => says(summary));
    const answer = await post('/v1/responses/compact', { model: 'mine', input });
    expect([answer.status, answer.text.includes('`input`')]).toEqual([400, true]);
    expect(upstream.requests).toHaveLength(0);
  });

  test('in words of no form, of no tool that was to be called', async () => {
    upstream.use(() => says(summary));
    const text = { verbosity: 'low', format: { type: 'json_schema', name: 'n', schema: { type: 'object' } } };
    const forced = { tool_choice: { type: 'function', name: 'look' }, text };
    await post('/v1/responses', { model: 'mine', input: asked, tools, ...forced });
    await post('/v1/responses', { model: 'mine', input: asked, ...forced });
    const told = upstream.requests.map(({ json }) => [json?.['tool_choice'], json?.['text']]);
    expect(told).toEqual([
      ['none', { verbosity: 'low' }],
      [undefined, { verbosity: 'low' }],
    ]);
  });
});
