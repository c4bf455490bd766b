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

const interim = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n';
const said = JSON.stringify({ choices: [{ message: { role: 'assistant', content: 'hello' } }] });
const answer = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${said.length}\r\n\r\n${said}`;

/** How many requests the upstream has after three calls. */
async function requestsOfThreeCalls({ port }: ComposedMiddleware): Promise<number> {
  upstream.use({ bytes: interim + answer, then: 'close' });
  const before = modelCalls();
  for (let round = 0; round < 3; round += 1) {
    const { status, body } = await callRaw(port, { path: '/v1/chat/completions', body: '{"model":"m"}' });
    expect([status, body.toString()]).toEqual([200, said]);
  }
  return modelCalls() - before;
}

/** LiteLLM is asked what it knows of its models as well. */
function modelCalls(): number {
  return upstream.heads.filter((head) => head.startsWith('POST')).length;
}

test('interim answers that nobody asked for are passed over in model calls', async () => {
  expect(await requestsOfThreeCalls(middleware)).toBe(3);
});

test('with undici they cost a second request, and only once', async () => {
  const withUndici = await composeMiddleware(upstream.url, { CODEX_PLUS_UPSTREAM_CLIENT: 'undici' });
  expect(await requestsOfThreeCalls(withUndici)).toBe(4);
  await withUndici.close();
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
