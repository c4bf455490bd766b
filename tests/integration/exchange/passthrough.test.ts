import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { callRaw, comparable } from '../../support/raw-client.ts';

let upstream: FakeUpstream;
let middleware: ComposedMiddleware;

beforeAll(async () => {
  upstream = await startFakeUpstream();
  middleware = await composeMiddleware(upstream.url);
});

afterAll(async () => {
  await middleware.close();
  await upstream.close();
});

describe('what nobody owns', () => {
  test('goes to an upstream on loopback past the proxy of the environment [PX-1]', async () => {
    // Nobody listens there.
    const proxied = await composeMiddleware(upstream.url, { HTTP_PROXY: 'http://127.0.0.1:1' });
    const { status } = await callRaw(proxied.port, { method: 'GET', path: '/some/where' });
    await proxied.close();
    expect(status).toBe(200);
  });

  test('every method and path goes through with its body, its query and its headers [PX-1]', async () => {
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH', 'POST', 'OPTIONS']) {
      const { body, status } = await callRaw(middleware.port, {
        method,
        path: '/some/where?a=%20b',
        headers: ['X-Mine', 'kept', 'authorization', 'Bearer sk-own'],
        ...(method === 'GET' || method === 'OPTIONS' ? {} : { body: 'not json' }),
      });
      expect(status).toBe(200);
      const seen = JSON.parse(body.toString()) as {
        method: string;
        url: string;
        rawHeaders: string[];
        body: string;
      };
      expect([seen.method, seen.url]).toEqual([method, '/some/where?a=%20b']);
      expect(seen.body).toBe(method === 'GET' || method === 'OPTIONS' ? '' : 'not json');
      // Our key for LiteLLM does not go out with paths that call no model.
      expect(comparable(seen.rawHeaders, ['transfer-encoding'])).toEqual(
        expect.arrayContaining([
          ['X-Mine', 'kept'],
          ['authorization', 'Bearer sk-own'],
        ]),
      );
    }
  });

  test('our key for LiteLLM goes out with the model API and never with a path that means two things [PX-1]', async () => {
    const models = await callRaw(middleware.port, { method: 'GET', path: '/models' });
    expect(models.status).toBe(200);
    for (const path of [
      '/v1/models/../key/generate',
      '/v1/models/%2e%2e/key/generate',
      '/v1//key',
      '/v1/models/..;/x',
    ]) {
      const { status, body } = await callRaw(middleware.port, { method: 'GET', path });
      expect({
        path,
        status,
        code: (JSON.parse(body.toString()) as { error: { code: string } }).error.code,
      }).toEqual({
        path,
        status: 400,
        code: 'invalid_path',
      });
    }
  });
});
