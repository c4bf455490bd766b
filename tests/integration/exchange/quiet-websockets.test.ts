import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { openRaw } from '../../support/raw-client.ts';
import { startRawUpstream, type RawUpstream } from '../../support/raw-upstream.ts';
import { until } from '../../support/until.ts';

let upstream: RawUpstream;
let middleware: ComposedMiddleware;

beforeAll(async () => {
  upstream = await startRawUpstream();
  upstream.use({
    bytes: 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n',
    then: 'stay',
  });
  middleware = await composeMiddleware(upstream.url, { CODEX_PLUS_WEBSOCKET_IDLE_MS: '600' });
});

afterAll(async () => {
  await middleware.close();
  await upstream.close();
});

async function accepted(): Promise<Socket> {
  const socket = await openRaw(middleware.port, {
    method: 'GET',
    path: '/v1/realtime',
    headers: [
      ...['connection', 'Upgrade', 'upgrade', 'websocket', 'sec-websocket-version', '13'],
      ...['sec-websocket-key', 'dGhlIHNhbXBsZSBub25jZQ=='],
    ],
  });
  const [head] = (await once(socket, 'data')) as [Buffer];
  expect(head.toString()).toMatch(/^HTTP\/1\.1 101 /);
  return socket.resume();
}

describe('a WebSocket that was accepted', () => {
  test('ends on both sides when neither says anything for as long as is allowed', async () => {
    const socket = await accepted();
    await once(socket, 'close');
    await until(() => upstream.openSockets() === 0);
  });

  test('stays for as long as one side speaks', async () => {
    const socket = await accepted();
    for (let said = 0; said < 25; said += 1) {
      socket.write('frame');
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
    expect([socket.destroyed, upstream.openSockets()]).toEqual([false, 1]);
    socket.destroy();
    await until(() => upstream.openSockets() === 0);
  });
});
