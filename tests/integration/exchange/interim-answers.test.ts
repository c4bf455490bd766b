import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { callRaw } from '../../support/raw-client.ts';
import { startRawUpstream, type RawUpstream } from '../../support/raw-upstream.ts';

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

test('interim answers that nobody asked for are passed over in model calls, and cost a second request only once', async () => {
  const interim = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n';
  const said = JSON.stringify({ choices: [{ message: { role: 'assistant', content: 'hello' } }] });
  const answer = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${said.length}\r\n\r\n${said}`;
  upstream.use({ bytes: interim + answer, then: 'close' });
  for (let round = 0; round < 3; round += 1) {
    const { status, body } = await callRaw(middleware.port, {
      path: '/v1/chat/completions',
      body: '{"model":"m"}',
    });
    expect([status, body.toString()]).toEqual([200, said]);
  }
  // LiteLLM is asked what it knows of its models as well.
  expect(upstream.heads.filter((head) => head.startsWith('POST'))).toHaveLength(4);
});

test('a switch to another protocol that nobody asked for is an error at once', async () => {
  upstream.use({
    bytes: 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n',
    then: 'stay',
  });
  const { status } = await callRaw(middleware.port, {
    path: '/v1/chat/completions',
    body: '{"model":"gpt-5"}',
  });
  expect(status).toBe(503);
});
