import { once } from 'node:events';
import { createServer, request, type ClientRequest, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import type { PassedFigures } from '../../../middleware/http/passed-figures.ts';
import { PassedRequest } from '../../../middleware/http/passed-request.ts';
import { composeMiddleware } from '../../support/compose-middleware.ts';
import { openRaw } from '../../support/raw-client.ts';
import { startRawUpstream } from '../../support/raw-upstream.ts';
import { until } from '../../support/until.ts';

const longMs = 3_600_000;
/** More than the system takes for a client that reads nothing. */
const most = 64 << 20;
const large = {
  bytes: `HTTP/1.1 200 OK\r\ncontent-length: ${most}\r\n\r\n${'x'.repeat(most)}`,
  then: 'stay',
} as const;

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Asks at a port, and takes nothing of the answer. */
async function askAndTakeNothing(port: number): ReturnType<typeof openRaw> {
  const socket = await openRaw(port, { method: 'GET', path: '/v1/files' });
  socket.on('error', () => undefined).pause();
  closing.push(async () => {
    socket.destroy();
    await until(() => socket.closed);
  });
  return socket;
}

test('a client that takes nothing of what is passed through loses its connection after its time [PX-4]', async () => {
  const upstream = await startRawUpstream();
  closing.push(upstream.close);
  upstream.use(large);
  const env = { CODEX_PLUS_IDLE_TIMEOUT_MS: String(longMs) };
  const middleware = await composeMiddleware(upstream.url, env, undefined, { clientIdleMs: 500 });
  closing.push(middleware.close);
  await askAndTakeNothing(middleware.port);
  const passed = (): unknown => middleware.lines.find(({ message }) => message === 'passthrough');
  await until(() => passed() !== undefined);
  expect(passed()).toMatchObject({ status: 200, ending: 'client-left' });
  expect(passed()).not.toHaveProperty('error');
  await until(() => upstream.openSockets() === 0);
});

/** A passed request whose call the test has in hand. */
async function passing(): Promise<{
  port: number;
  call: () => Passing | undefined;
  figures: PassedFigures[];
}> {
  const upstream = await startRawUpstream();
  closing.push(upstream.close);
  upstream.use(large);
  const figures: PassedFigures[] = [];
  let call: Passing | undefined;
  const server = createServer((req, res) => {
    const url = new URL(upstream.url);
    const limits = { headersMs: longMs, idleMs: longMs };
    const passed = new PassedRequest({
      ...{ id: 'one', req, res, url, limits, cleanWords: (text: string) => text },
      onFinished: (all) => figures.push(all),
    });
    const outgoing = request(url);
    outgoing.on('response', (incoming) => {
      passed.answered(incoming);
    });
    outgoing.on('error', () => undefined);
    passed.sent(outgoing, url);
    outgoing.end();
    call = { res, outgoing };
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  closing.push(async () => {
    server.closeAllConnections();
    await once(server.close(), 'close');
    call?.outgoing.destroy();
  });
  const { port } = server.address() as AddressInfo;
  return { port, figures, call: () => call };
}

interface Passing {
  readonly res: ServerResponse;
  readonly outgoing: ClientRequest;
}

test('an upstream is not taken for silent while its client takes nothing, and the answer goes on [PX-4]', async () => {
  const { port, call, figures } = await passing();
  const socket = await askAndTakeNothing(port);
  let taken = 0;
  socket.on('data', (bytes) => (taken += bytes.length)).pause();
  await until(() => call()?.res.writableNeedDrain === true);
  // What Node tells of a connection that brought nothing for so long.
  call()?.outgoing.emit('timeout');
  expect(call()?.outgoing.destroyed).toBe(false);
  socket.resume();
  await until(() => taken > most && figures.length > 0);
  expect(figures).toMatchObject([{ status: 200, ending: 'completed', error: undefined }]);
});
