import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { startCheckedMiddleware } from '../../support/checked-middleware.ts';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { status, streams } from '../../support/fake-upstream/step.ts';
import { callRaw, openRaw } from '../../support/raw-client.ts';
import { until } from '../../support/until.ts';

let upstream: FakeUpstream;
let middleware: ComposedMiddleware;

beforeAll(async () => {
  upstream = await startFakeUpstream();
  middleware = await composeMiddleware(upstream.url, {
    CODEX_PLUS_MAX_EVENT_BYTES: '2000',
    CODEX_PLUS_MAX_STREAM_BYTES: '6000',
  });
});

afterAll(async () => {
  await middleware.close();
  await upstream.close();
});

const inSentences = ['x-codex-plus-sentences', '1'];
const body =
  '{"model":"gpt-5","stream":true,"input":"hi","messages":[{"role":"user","content":"hi"}],"max_tokens":9}';
const first = ': first\n\n';
const end = 'data: {"type":"response.completed","response":{"id":"r"}}\n\n';

function dataOf(bytes: number): string {
  return `data: {"x":"${'x'.repeat(bytes)}"}\n\n`;
}

describe('an answer that a filter reads', () => {
  for (const [path, told] of [
    ['/v1/responses', /"type":"response\.failed".*"code":"answer_too_large".*limits\.maxEventBytes/],
    ['/v1/chat/completions', /"error":\{.*limits\.maxEventBytes.*"code":"answer_too_large"/],
    ['/v1/messages', /^event: error\ndata: .*limits\.maxEventBytes/m],
  ] as const) {
    for (const [what, pieces] of [
      ['in one piece', [first + dataOf(3_000) + end]],
      ['in many', [first, ...dataOf(3_000).match(/.{1,500}\n*/gs)!, end]],
      ['that never ends', [first, 'data: ', 'x'.repeat(3_000)]],
    ] as const) {
      test(`${path}: an event ${what} that is larger than may be held ends it with the API's error frame`, async () => {
        upstream.use(() => streams(pieces, { then: 'silence' }));
        const answer = await callRaw(middleware.port, { path, headers: inSentences, body });
        expect([answer.status, answer.isWhole]).toEqual([200, true]);
        const text = answer.body.toString();
        expect(text.startsWith(first)).toBe(true);
        expect(text).toMatch(told);
        expect(text).not.toContain('xxx');
      });
    }
  }

  test('events that are larger together than may be held end it as well, behind those that fit', async () => {
    upstream.use(() => streams(Array.from({ length: 8 }, () => dataOf(1_000))));
    const answer = await callRaw(middleware.port, { path: '/v1/responses', headers: inSentences, body });
    expect(answer.body.toString().startsWith(dataOf(1_000).repeat(5))).toBe(true);
    expect(answer.body.toString()).toMatch(/"type":"response\.failed".*6000 bytes.*limits\.maxStreamBytes/);
  });

  test('that is no stream and larger than may be held is a 502 that says which setting it is, and for Codex a text', async () => {
    const call = (headers: readonly string[]): ReturnType<typeof callRaw> =>
      callRaw(middleware.port, {
        path: '/v1/responses',
        headers: [...inSentences, ...headers],
        body: '{"model":"gpt-5","input":"hi"}',
      });
    upstream.use(() => status(200, { output: 'x'.repeat(3_000) }));
    const answer = await call([]);
    expect(answer.status).toBe(502);
    expect(answer.body.toString()).toMatch(/larger than 2000 bytes; raise limits\.maxEventBytes/);
    expect((await call(['user-agent', 'codex_exec/0.171.0'])).status).toBe(400);
    upstream.use(() => status(200, { output: 'x'.repeat(1_000) }));
    expect((await call([])).status).toBe(200);
  });
});

describe('an answer that is only passed on', () => {
  test('has no bound: events and answers of any size go through, and the end of a huge last event is known', async () => {
    const last = `data: {"type":"response.completed","response":{"id":"r","x":"${'x'.repeat(9 << 20)}"}}\n\n`;
    upstream.use(() => streams([dataOf(9 << 20), last]));
    const answer = await callRaw(middleware.port, { path: '/v1/responses', body });
    expect(answer.isWhole).toBe(true);
    expect(answer.body.equals(Buffer.from(dataOf(9 << 20) + last))).toBe(true);
    await until(() =>
      middleware.lines.some(({ msg, bytesOut }) => msg !== '' && bytesOut === answer.body.length),
    );
  });
});

/** An upstream that says the same event again and again, as fast as it is read, and counts what was taken. */
async function startEndlessUpstream(
  event: string,
  bytes: number,
): Promise<{ url: string; taken: () => number; close: () => void }> {
  const sockets = new Set<Socket>();
  const chunk = Buffer.from(event.repeat(Math.ceil(16_384 / event.length)));
  let taken = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n');
      const write = (): void => {
        while (taken < bytes) {
          taken += chunk.length;
          if (!socket.write(chunk)) return;
        }
        socket.end(end);
      };
      socket.on('drain', write);
      write();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken: () => taken,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** What was taken when nothing more has been for a while. */
async function settled(taken: () => number): Promise<number> {
  let before = -1;
  for (let quiet = 0; quiet < 8; quiet = before === taken() ? quiet + 1 : 0) {
    before = taken();
    await sleep(250);
  }
  return before;
}

describe('a client that stops reading', () => {
  const cleanUp: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of cleanUp.splice(0)) await close();
  });

  const total = 64 << 20;
  /** More than the buffers of two connections in the operating system take. */
  const most = 40 << 20;
  const delta = `data: ${JSON.stringify({ type: 'response.output_text.delta', item_id: 'm', output_index: 0, content_index: 0, delta: `${'x'.repeat(9_000)}\n` })}\n\n`;

  for (const depth of ['bytes', 'sentences', 'changed texts'] as const) {
    test(`stops the upstream where an answer is ${depth === 'bytes' ? 'only passed on' : `read for ${depth}`}, and gets all of it when it reads on`, async () => {
      const endless = await startEndlessUpstream(delta, total);
      cleanUp.push(endless.close);
      const target = await startFor(depth, endless.url);
      cleanUp.push(target.close);
      const headers = depth === 'sentences' ? inSentences : [];
      const socket = await openRaw(target.port, {
        path: '/v1/responses',
        headers,
        body: body.replace('gpt-5', 'm'),
      });
      socket.pause();
      await until(() => endless.taken() > 0);
      expect(await settled(endless.taken)).toBeLessThan(most);
      let last = '';
      socket.on('data', (chunk) => (last = (last + chunk.toString('latin1')).slice(-300)));
      socket.resume();
      await once(socket, 'close');
      expect(endless.taken()).toBeGreaterThanOrEqual(total);
      expect(last).toContain('response.completed');
    }, 60_000);
  }

  test('is not one that waits for an upstream which has not begun, whose connection stays', async () => {
    const late = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => {
        // Twice as long as `idleMs` below: what is tried is that nothing happens meanwhile.
        setTimeout(
          () =>
            socket.end(
              'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 12\r\n\r\n{"id":"one"}',
            ),
          2_000,
        );
      });
    });
    late.listen(0, '127.0.0.1');
    await once(late, 'listening');
    cleanUp.push(() => late.close());
    const target = await composeMiddleware(`http://127.0.0.1:${(late.address() as AddressInfo).port}`, {
      ...{ CODEX_PLUS_IDLE_TIMEOUT_MS: '1000', CODEX_PLUS_KEEPALIVE_MS: '0' },
    });
    cleanUp.push(target.close);
    for (const path of ['/v1/responses', '/v1/files']) {
      const answer = await callRaw(target.port, { path, body: '{"model":"m","input":"hi"}' });
      expect([path, answer.status, answer.body.toString()]).toEqual([path, 200, '{"id":"one"}']);
    }
  });

  for (const depth of ['bytes', 'sentences'] as const) {
    test(`for good loses its connection after timeouts.idleMs, and is no fault of the upstream, at the depth of ${depth} [PX-4]`, async () => {
      const endless = await startEndlessUpstream(delta, total);
      cleanUp.push(endless.close);
      const target = await composeMiddleware(endless.url, {
        ...{ CODEX_PLUS_MAX_STREAM_BYTES: '1000000000', CODEX_PLUS_IDLE_TIMEOUT_MS: '1000' },
        CODEX_PLUS_KEEPALIVE_MS: '200',
      });
      cleanUp.push(target.close);
      const headers = depth === 'sentences' ? inSentences : [];
      const socket = await openRaw(target.port, { path: '/v1/responses', headers, body });
      socket.on('error', () => undefined);
      socket.pause();
      const line = (): Readonly<Record<string, unknown>> | undefined =>
        target.lines.find(({ message }) => message === 'exchange');
      await until(() => line() !== undefined, 20_000);
      expect(line()).toMatchObject({ status: 200, ending: 'client-left' });
      expect(line()?.['error']).toBeUndefined();
      expect(endless.taken()).toBeLessThan(total);
      socket.destroy();
    }, 60_000);
  }
});

async function startFor(
  depth: 'bytes' | 'sentences' | 'changed texts',
  url: string,
): Promise<{ port: number; close: () => Promise<void> }> {
  if (depth !== 'changed texts') {
    return composeMiddleware(url, { CODEX_PLUS_MAX_STREAM_BYTES: '1000000000' });
  }
  const checked = await startCheckedMiddleware(url);
  checked.change((texts) => texts);
  return checked;
}
