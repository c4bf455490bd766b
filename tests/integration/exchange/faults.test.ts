import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { says, status, streams, type Step } from '../../support/fake-upstream/step.ts';
import { callRaw, headerOf, openRaw, readAnswer } from '../../support/raw-client.ts';
import { until } from '../../support/until.ts';

let upstream: FakeUpstream;
let middleware: ComposedMiddleware;

beforeAll(async () => {
  upstream = await startFakeUpstream();
  middleware = await composeMiddleware(upstream.url, {
    CODEX_PLUS_HEADERS_TIMEOUT_MS: '1000',
    CODEX_PLUS_IDLE_TIMEOUT_MS: '1000',
    CODEX_PLUS_KEEPALIVE_MS: '100',
    CODEX_PLUS_BREAKER_FAILURES: '1000',
    CODEX_PLUS_MAX_BODY_BYTES: '100000',
  });
});

afterAll(async () => {
  await middleware.close();
  await upstream.close();
});

beforeEach(() => {
  upstream.use(() => says('hello'));
});

const body = '{"model":"gpt-5","stream":true,"input":"hi"}';
const asCodex = ['user-agent', 'codex_exec/0.169.0 (Debian 12.0.0; x86_64) xterm (codex_exec; 0.169.0)'];
const created = 'data: {"type":"response.created","response":{"id":"r"}}\n\n';
const itemDone = 'data: {"type":"response.output_item.done","item":{"type":"message"}}\n\n';

function respond(
  step: Step,
  path = '/v1/responses',
  headers: readonly string[] = [],
): ReturnType<typeof callRaw> {
  upstream.use(() => step);
  return callRaw(middleware.port, { path, headers, body });
}

/** The last frame's data. */
function lastEvent(answer: Buffer): unknown {
  const data =
    answer
      .toString()
      .trim()
      .split('\n')
      .at(-1)
      ?.replace(/^data: /, '') ?? '';
  return JSON.parse(data);
}

describe('an upstream that fails before its answer', () => {
  test('a refused connection is a 503 with the reason and retry-after, as the client can retry it [PX-4]', async () => {
    const gone = await startFakeUpstream();
    middleware.setLitellm(gone.url);
    await gone.close();
    const answer = await callRaw(middleware.port, { path: '/v1/chat/completions', body });
    middleware.setLitellm(upstream.url);
    expect(answer.status).toBe(503);
    expect(headerOf(answer.headers, 'retry-after')).toBe('5');
    expect(JSON.parse(answer.body.toString())).toEqual({
      error: {
        message: expect.stringMatching(
          /could not be reached: ECONNREFUSED; set OPENAI_API_KEY to reach openai without LiteLLM/,
        ),
        type: 'server_error',
        param: null,
        code: 'no_route',
      },
    });
  });

  test('an upstream that never answers is a 504 after its time [PX-4]', async () => {
    const { status, body: text } = await respond({ kind: 'hang' });
    expect(status).toBe(504);
    expect(text.toString()).toContain('did not answer within 1000 ms');
  });

  test('a connection that is reset before the head is tried once more, and then told [PX-4]', async () => {
    const before = upstream.requests.length;
    upstream.use((_seen, index) => (index === before ? { kind: 'reset' } : says('second try')));
    const answer = await callRaw(middleware.port, { path: '/v1/responses', body });
    expect(answer.body.toString()).toContain('second');
    expect(upstream.requests.length).toBe(before + 2);
    expect((await respond({ kind: 'reset' })).status).toBe(503);
  });

  for (const code of [400, 404, 422, 429, 500]) {
    test(`a ${code} of the upstream comes through as it is [PX-4]`, async () => {
      const answer = await respond(status(code, { error: { message: 'as said' } }, ['retry-after', '3']));
      expect([answer.status, answer.body.toString(), headerOf(answer.headers, 'retry-after')]).toEqual([
        code,
        '{"error":{"message":"as said"}}',
        '3',
      ]);
    });
  }
});

describe('an upstream that breaks off', () => {
  for (const [what, frames] of [
    ['before the first event', []],
    ['in the middle', [created]],
    ['after output_item.done', [created, itemDone]],
  ] as const) {
    for (const then of ['reset', 'end'] as const) {
      test(`a stream that ${then === 'end' ? 'ends' : 'is cut'} ${what} ends with response.failed, never politely [PX-4]`, async () => {
        const answer = await respond(streams([...frames, ': c\n\n'], { then }));
        expect(answer.body.toString().startsWith(frames.join(''))).toBe(true);
        expect(lastEvent(answer.body)).toMatchObject({
          type: 'response.failed',
          response: { status: 'failed', error: { code: 'stream_incomplete' } },
        });
      });
    }
  }

  test('each API gets its own form of the error [PX-4]', async () => {
    const chat = await respond(
      streams(['data: {"choices":[]}\n\n'], { then: 'reset' }),
      '/v1/chat/completions',
    );
    expect(lastEvent(chat.body)).toMatchObject({
      error: { code: 'stream_incomplete', type: 'server_error' },
    });
    const messages = await respond(
      streams(['event: message_start\ndata: {}\n\n'], { then: 'end' }),
      '/v1/messages',
    );
    expect(messages.body.toString()).toMatch(
      /event: error\ndata: \{"type":"error","error":\{"type":"api_error"/,
    );
  });

  test('a stream that is cut inside a frame loses its connection [PX-4]', async () => {
    for (const then of ['reset', 'end'] as const) {
      const answer = await respond(streams([created, 'data: {"ty'], { then }));
      expect(answer.isWhole).toBe(false);
      expect(answer.body.toString()).not.toContain('response.failed');
    }
  });

  test('a chat stream that ends after its finish reason without [DONE] is complete [PX-4]', async () => {
    const chunk = 'data: {"choices":[{"index":0,"delta":{},"finish_reason": "stop"}]}\n\n';
    const answer = await respond(streams([chunk]), '/v1/chat/completions');
    expect([answer.body.toString(), answer.isWhole]).toEqual([chunk, true]);
  });

  test('a stream that falls silent is ended with an error after the idle time [PX-5]', async () => {
    const answer = await respond(streams([created], { then: 'silence' }));
    expect(lastEvent(answer.body)).toMatchObject({ type: 'response.failed' });
    expect(answer.body.toString()).toContain('was silent for 1000 ms');
  });

  test('an answer that is no event stream and is cut is an error, and a long one loses its connection [PX-4]', async () => {
    const cut = (length: number, piece: Buffer): Step => ({
      kind: 'bytes',
      headers: ['content-type', 'application/json', 'content-length', String(length)],
      pieces: [piece],
      then: 'reset',
    });
    const short = await respond(cut(100, Buffer.from('{"half":')));
    expect([short.status, short.body.toString()]).toEqual([
      502,
      expect.stringContaining('stream_incomplete'),
    ]);
    const long = await respond(cut(600_000, Buffer.alloc(500_000, '{"half":')));
    expect([long.status, long.isWhole]).toEqual([200, false]);
  });

  test('garbage instead of events comes through and ends with an error [PX-4]', async () => {
    const garbage = Buffer.from([0, 255, 10, 13, 10, 10, 1]);
    const answer = await respond(streams([garbage, '\n\n']));
    expect(answer.body.subarray(0, garbage.length)).toEqual(garbage);
    expect(answer.body.toString()).toContain('stream_incomplete');
  });
});

describe('keepalives', () => {
  const slow = streams([created, itemDone, 'data: {"type":"response.completed","response":{"id":"r"}}\n\n'], {
    pauseMs: 250,
  });
  const plain = (text: string, keepalive: string): string => text.replaceAll(keepalive, '');

  for (const [who, headers, keepalive] of [
    [
      'Codex gets an event, as comments do not count for it',
      asCodex,
      'data: {"type":"codex_plus.keepalive"}\n\n',
    ],
    ['everybody else gets a comment', [], ': keepalive\n\n'],
  ] as const) {
    test(`${who}, between frames and never inside one [PX-5]`, async () => {
      const { body: answer } = await respond(slow, '/v1/responses', headers);
      const text = answer.toString();
      expect(text.split(keepalive).length).toBeGreaterThan(3);
      expect(plain(text, keepalive)).toBe(slow.kind === 'bytes' ? Buffer.concat(slow.pieces).toString() : '');
    });
  }

  test('the Messages API gets its own ping [PX-5]', async () => {
    const stop = 'event: message_stop\ndata: {"type":"message_stop"}\n\n';
    const { body: answer } = await respond(streams([': c\n\n', stop], { pauseMs: 250 }), '/v1/messages');
    expect(answer.toString()).toContain('event: ping\ndata: {"type": "ping"}\n\n');
  });

  test('a frame that stays unfinished during a silence is not broken up [PX-5]', async () => {
    const end = 'response.completed","response":{"id":"r"}}\n\n';
    const { body: answer } = await respond(streams(['data: {"type":"', end], { pauseMs: 300 }));
    expect(answer.toString()).toContain(`data: {"type":"${end}`);
  });

  test('X-No-Keepalive: 1 switches them off [PX-5]', async () => {
    const { body: answer } = await respond(slow, '/v1/responses', [...asCodex, 'X-No-Keepalive', '1']);
    expect(answer.toString()).not.toContain('keepalive');
  });
});

describe('a client that leaves', () => {
  test('before the answer, the upstream call is given up [PX-4]', async () => {
    upstream.use(() => ({ kind: 'hang' }));
    const before = upstream.requests.length;
    const socket = await openRaw(middleware.port, { path: '/v1/responses', body });
    await until(() => upstream.requests.length > before);
    socket.destroy();
    expect(await upstream.requests.at(-1)!.closed).toBe(true);
  });

  test('in the middle of a stream, the upstream call is given up and the exchange counted as left [PX-4]', async () => {
    upstream.use(() => streams([created], { then: 'silence' }));
    const socket = await openRaw(middleware.port, { path: '/v1/responses', body });
    await once(socket, 'data');
    socket.destroy();
    expect(await upstream.requests.at(-1)!.closed).toBe(true);
    await until(() => middleware.lines.at(-1)?.['ending'] === 'client-left');
  });

  test('after the terminal event it has all that it waited for: the exchange is complete [OBS-1]', async () => {
    upstream.use(() =>
      streams([created, 'data: {"type":"response.completed","response":{"id":"r"}}\n\n'], {
        then: 'silence',
      }),
    );
    const socket = await openRaw(middleware.port, { path: '/v1/responses', body });
    let told = '';
    socket.on('data', (chunk: Buffer) => (told += chunk.toString()));
    await until(() => told.includes('response.completed'));
    const before = middleware.lines.length;
    socket.destroy();
    await until(() => middleware.lines.length > before);
    expect(middleware.lines.at(-1)?.['ending']).toBe('completed');
  });

  test('while it sends its body, nothing is left over', async () => {
    const before = upstream.requests.length;
    const socket = await openRaw(middleware.port, {
      path: '/v1/responses',
      headers: ['content-length', '50000'],
    });
    socket.write('{"model":');
    socket.destroy();
    await until(() => middleware.lines.at(-1)?.['status'] !== 200);
    expect(upstream.requests.length).toBe(before);
  });
});

describe('a slow reader', () => {
  test('10,000 events at once wait for it at the upstream and arrive whole [PX-2]', async () => {
    const frame = `data: {"type":"response.output_text.delta","delta":"${'x'.repeat(2_000)}"}\n\n`;
    const end = 'data: {"type":"response.completed","response":{"id":"r"}}\n\n';
    upstream.use(() => streams([...Array.from({ length: 10_000 }, () => frame), end]));
    const socket = await openRaw(middleware.port, {
      path: '/v1/responses',
      headers: ['x-no-keepalive', '1'],
      body,
    });
    await once(socket, 'readable');
    const heldBytes = process.memoryUsage().arrayBuffers;
    await new Promise((resolve) => setTimeout(resolve, 300));
    // All the 20 MB would be here if nobody waited.
    expect(process.memoryUsage().arrayBuffers - heldBytes).toBeLessThan(15_000_000);
    const answer = await readAnswer(socket);
    expect(answer.isWhole).toBe(true);
    expect(answer.body.length).toBe(frame.length * 10_000 + end.length);
  });
});
