import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { deployment } from '../../support/deployments.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { chat, messages, type Shape } from '../../support/fake-upstream/shapes.ts';
import { streams, type Item, type Step } from '../../support/fake-upstream/step.ts';
import { framed } from '../../support/framed.ts';
import { callRaw, openRaw, type RawAnswer } from '../../support/raw-client.ts';
import { until } from '../../support/until.ts';

let upstream: FakeUpstream;
let middleware: ComposedMiddleware;

beforeAll(async () => {
  upstream = await startFakeUpstream();
  upstream.deploys([deployment('claude', 'anthropic'), deployment('gemini', 'gemini')]);
  const env = { CODEX_PLUS_MAX_EVENT_BYTES: '20000', CODEX_PLUS_KEEPALIVE_MS: '50' };
  middleware = await composeMiddleware(upstream.url, env);
});

afterAll(async () => {
  await middleware.close();
  await upstream.close();
});

beforeEach(() => {
  upstream.forget();
});

const codex = ['user-agent', 'codex_cli_rs/0.169.0', 'originator', 'codex_cli_rs'];

function request(model: string, stream = true, headers = codex): Parameters<typeof callRaw>[1] {
  const body = JSON.stringify({
    ...{ model, stream, input: 'hi' },
    tools: [{ type: 'custom', name: 'apply_patch', description: 'Edits.' }],
  });
  return { path: '/v1/responses', headers, body };
}

function ask(model: string, stream = true, headers = codex): Promise<RawAnswer> {
  return callRaw(middleware.port, request(model, stream, headers));
}

const items: readonly Item[] = [
  { kind: 'reasoning', text: 'Hm.', seal: 'signed' },
  { kind: 'text', text: 'Grüße \u2028 🎉' },
  { kind: 'call', name: 'apply_patch', arguments: { input: '*** "a"\n\u2029🎉' }, callId: 'call_1' },
];

function framesOf(shape: Shape, said = items): readonly string[] {
  return framed(shape.events('m', said, 0));
}

/** Without the ids and times that are other ones in each answer, and without keepalives. */
function comparable({ body }: RawAnswer): string {
  return body
    .toString()
    .replaceAll('data: {"type":"codex_plus.keepalive"}\n\n', '')
    .replace(/\b(resp|msg|rs|fc|ctc)_[0-9a-f]{32}\b/g, '$1_id')
    .replace(/"created_at":\d+/g, '"created_at":0');
}

/** A stream that tells how many of its pieces the upstream has taken. */
function counted(texts: readonly string[]): { readonly step: Step; readonly written: () => number } {
  const all = streams(texts, { then: 'silence' });
  if (all.kind !== 'bytes') throw new Error('it is no stream of bytes');
  let taken = 0;
  const pieces = Object.assign([...all.pieces], {
    *entries() {
      for (const entry of all.pieces.entries()) {
        taken = entry[0];
        yield entry;
      }
    },
  });
  return { step: { ...all, pieces }, written: () => taken };
}

/** Says so once a count was the same twenty times. */
function standsStill(count: () => number): () => boolean {
  let [before, times] = [0, 0];
  return () => {
    times = count() > 0 && count() === before ? times + 1 : 0;
    before = count();
    return times >= 20;
  };
}

interface Event {
  readonly type: string;
  readonly response?: {
    readonly output?: readonly object[];
    readonly error?: { readonly code: string; readonly message: string };
  };
}

function eventsOf({ body }: RawAnswer): readonly Event[] {
  const lines = body.toString().split('\n');
  const data = lines.filter((line) => line.startsWith('data: '));
  return data.map((line) => JSON.parse(line.slice('data: '.length)) as Event);
}

describe.each([
  ['claude', messages],
  ['gemini', chat],
] as const)('[RT-4] the stream of %s, for a client of the Responses API', (model, shape) => {
  test('is the same in pieces of one byte as in one, whatever stands in it', async () => {
    const whole = framesOf(shape).join('');
    upstream.use(() => streams([whole]));
    const expected = await ask(model);
    upstream.use(() => streams(Array.from(Buffer.from(whole), (byte) => Buffer.from([byte]))));
    const answer = await ask(model);
    expect(comparable(answer)).toBe(comparable(expected));
    expect(eventsOf(answer).at(-1)?.type).toBe('response.completed');
    expect(eventsOf(answer).at(-1)?.response?.output).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          type: 'custom_tool_call',
          ...{ name: 'apply_patch', input: '*** "a"\n\u2029🎉' },
        }),
      ]),
    );
  });

  test.each([
    ['that is reset', 'reset'],
    ['that ends', 'end'],
  ] as const)('%s before its answer does is a failure that Codex tries again', async (_how, then) => {
    upstream.use(() => streams(framesOf(shape).slice(0, 5), { then }));
    const answer = await ask(model);
    expect([answer.status, answer.isWhole]).toEqual([200, true]);
    const types = eventsOf(answer).map(({ type }) => type);
    expect(types.filter((type) => type === 'response.failed')).toHaveLength(1);
    expect(types.at(-1)).toBe('response.failed');
    expect(types).not.toContain('response.completed');
    expect(eventsOf(answer).at(-1)?.response?.error?.code).toMatch(/^(?:server_error|stream_incomplete)$/);
  });

  test('with an event that is larger than may be held ends with the reason', async () => {
    const large = framesOf(shape, [{ kind: 'call', name: 'x', arguments: {}, callId: 'c'.repeat(30_000) }]);
    upstream.use(() => streams(large, { then: 'silence' }));
    const answer = await ask(model, true, []);
    expect(eventsOf(answer).at(-1)).toMatchObject({
      type: 'response.failed',
      response: { error: { code: 'answer_too_large' } },
    });
    expect(await upstream.requests[0]?.closed).toBe(true);
  });

  test('is ended where its client leaves', async () => {
    upstream.use(() => streams(framesOf(shape).slice(0, 4), { then: 'silence' }));
    const socket = await openRaw(middleware.port, request(model));
    await until(() => upstream.requests.length === 1);
    socket.destroy();
    expect(await upstream.requests[0]?.closed).toBe(true);
  });

  test('that is silent keeps Codex waiting with events, before its first and behind', async () => {
    for (const count of [0, 2]) {
      upstream.forget();
      upstream.use(() => streams(framesOf(shape).slice(0, count), { then: 'silence' }));
      const socket = await openRaw(middleware.port, request(model));
      let text = '';
      socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
      await until(() => text.split('"codex_plus.keepalive"').length > 2);
      socket.destroy();
    }
  });

  test('waits for a client that reads slowly', async () => {
    const frames = framesOf(shape, [{ kind: 'text', text: 'xxxxxxx' }]);
    const delta = frames.find((frame) => frame.includes('xxxxxxx')) ?? '';
    const many = Array.from({ length: 2_400 }, () => delta.replace('xxxxxxx', 'x'.repeat(10_000)));
    const at = frames.indexOf(delta);
    const { step, written } = counted([...frames.slice(0, at), ...many]);
    upstream.use(() => step);
    const socket = await openRaw(middleware.port, request(model));
    socket.pause();
    // Sockets hold some megabytes of the 24; the rest waits at the provider.
    await until(standsStill(written));
    expect(written()).toBeLessThan(2_400);
    let deltas = 0;
    socket.on('data', (chunk: Buffer) => {
      deltas += chunk.toString('latin1').split('"response.output_text.delta"').length - 1;
    });
    socket.resume();
    await until(() => deltas > 2_300);
    socket.destroy();
  });
});

describe('[RT-4] an error within the stream of a translated answer', () => {
  test.each([
    ['overloaded_error', 'Overloaded', 'server_is_overloaded'],
    ['invalid_request_error', 'prompt is too long: 2 tokens > 1 maximum', 'context_length_exceeded'],
    ['api_error', 'Internal server error', 'server_error'],
  ])('%s "%s" has the code %s', async (type, message, code) => {
    const error = `event: error\ndata: ${JSON.stringify({ type: 'error', error: { type, message } })}\n\n`;
    upstream.use(() => streams([...framesOf(messages).slice(0, 5), error]));
    const events = eventsOf(await ask('claude'));
    expect(events.at(-1)).toMatchObject({ type: 'response.failed', response: { error: { code, message } } });
  });
});

describe.each(['claude', 'gemini'])('[RT-4] an answer of %s that is no stream', (model) => {
  test('is one of the Responses API', async () => {
    upstream.use(() => ({ kind: 'answer', items }));
    const answer = await ask(model, false);
    expect(answer.status).toBe(200);
    const body = JSON.parse(answer.body.toString()) as { output: object[] };
    expect(body).toMatchObject({ object: 'response', status: 'completed', model });
    expect(body.output).toContainEqual(
      expect.objectContaining({ type: 'custom_tool_call', input: '*** "a"\n\u2029🎉' }),
    );
  });

  test('is an error where it is no JSON or larger than may be held', async () => {
    for (const text of ['{"content":', JSON.stringify({ content: 'x'.repeat(30_000) })]) {
      const headers = ['content-type', 'application/json'];
      upstream.use(() => ({ kind: 'bytes', headers, pieces: [Buffer.from(text)] }));
      const answer = await ask(model, false, []);
      expect(answer.status).toBe(502);
      expect(answer.body.toString()).toMatch(/upstream_unreadable|answer_too_large/);
    }
  });
});

test('[PX-2] a translated answer that comes encoded all the same is an error, and none of its bytes are told as text', async () => {
  const plain = streams(framesOf(messages));
  if (plain.kind !== 'bytes') throw new Error('it is no stream of bytes');
  upstream.use(() => ({
    ...plain,
    headers: [...plain.headers, 'content-encoding', 'gzip'],
    pieces: [gzipSync(Buffer.concat([...plain.pieces]))],
  }));
  const answer = await ask('claude', true, []);
  expect(answer.status).toBe(502);
  expect(answer.body.toString()).toContain('upstream_unreadable');
});
