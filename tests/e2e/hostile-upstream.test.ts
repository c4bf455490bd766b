import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { callRaw } from '../support/raw-client.ts';
import { startRawUpstream, type RawUpstream } from '../support/raw-upstream.ts';
import { startMiddleware, type RunningMiddleware } from '../support/start-middleware.ts';

jest.setTimeout(60_000);

let upstream: RawUpstream;
let middleware: RunningMiddleware;

beforeAll(async () => {
  upstream = await startRawUpstream();
  middleware = await startMiddleware({
    upstreamUrl: upstream.url,
    litellmPort: 4000,
    litellmConfig: 'model_list: [{ model_name: gpt-5, litellm_params: { model: openai/gpt-5 } }]',
    env: { CODEX_PLUS_LITELLM_MODE: 'off' },
  });
});

afterAll(async () => {
  await middleware.stop();
  await upstream.close();
});

const answer = 'content-type: text/plain\r\ncontent-length: 5\r\n\r\nhello';
const body = '{"model":"gpt-5","messages":[{"role":"user","content":"hi"}]}';

const heads = [
  ['a reason phrase of high bytes', 'HTTP/1.1 200 O\xffK\r\n', 200],
  ['a reason phrase in UTF-8', `HTTP/1.1 200 ${Buffer.from('日本').toString('latin1')}\r\n`, 200],
  ['a reason phrase with a control character', 'HTTP/1.1 200 O\x01K\r\n', 200],
  ['no reason phrase', 'HTTP/1.1 200\r\n', 200],
  ['a trailer that it has no place for', 'HTTP/1.1 200 OK\r\ntrailer: x\r\n', 200],
  ['a header with high bytes', 'HTTP/1.1 200 OK\r\nx-a: \xe9\r\n', 200],
  ['a header with a control character', 'HTTP/1.1 200 OK\r\nx-a: \x01\r\n', 502],
  ['a status that is none', 'HTTP/1.1 1000 OK\r\n', 502],
  ['a status of 999', 'HTTP/1.1 999 OK\r\n', 999],
] as const;

describe('an upstream that says what it should not', () => {
  for (const [what, head, passed] of heads) {
    test(`${what}: a model call and any other request are answered, and the process goes on`, async () => {
      upstream.use({ bytes: head + answer, then: 'close' });
      const call = await callRaw(middleware.port, { path: '/v1/chat/completions', body });
      expect([200, 502, 503, 999]).toContain(call.status);
      const other = await callRaw(middleware.port, { path: '/v1/embeddings', body });
      expect(other.status).toBe(passed);
      if (passed !== 502) expect(other.body.toString()).toBe('hello');
      expect(middleware.child.exitCode).toBeNull();
      expect(middleware.lines.filter(({ event }) => event !== undefined)).toEqual([]);
    });
  }
});
