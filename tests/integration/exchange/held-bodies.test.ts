import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { openRaw } from '../../support/raw-client.ts';
import { startRawUpstream, type RawUpstream } from '../../support/raw-upstream.ts';
import { settledMemory } from '../../support/settled-memory.ts';

let upstream: RawUpstream;
let middleware: ComposedMiddleware;

beforeAll(async () => {
  upstream = await startRawUpstream();
  middleware = await composeMiddleware(upstream.url);
});

afterAll(async () => {
  await middleware.close();
  await upstream.close();
});

const event = 'data: {"type":"response.output_text.delta","item_id":"m","delta":"a"}\n\n';
const begun = `HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n${event.length.toString(16)}\r\n${event}\r\n`;

test('a request is not held for as long as its answer streams', async () => {
  upstream.use({ bytes: begun, then: 'stay' });
  const bodyBytes = 2_000_000;
  const streams = 6;
  const open = async (input: string): Promise<() => void> => {
    const body = JSON.stringify({ model: 'gpt-5.5', stream: true, input });
    const socket = await openRaw(middleware.port, {
      path: '/v1/responses',
      headers: ['content-type', 'application/json'],
      body,
    });
    socket.on('error', () => undefined);
    await once(socket, 'data');
    return () => {
      socket.destroy();
    };
  };
  const first = await open('hello');
  const before = await settledMemory();
  const closes: (() => void)[] = [];
  for (let at = 0; at < streams; at += 1) closes.push(await open('x'.repeat(bodyBytes)));
  const held = (await settledMemory()) - before;
  for (const close of [first, ...closes]) close();
  expect(held).toBeLessThan((streams * bodyBytes) / 4);
});
