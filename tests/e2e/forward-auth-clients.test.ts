import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { composeMiddleware, type ComposedMiddleware } from '../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../support/fake-upstream/fake-upstream.ts';
import { says } from '../support/fake-upstream/step.ts';
import { callRaw } from '../support/raw-client.ts';
import { hasRealBrowser, startRealBrowser } from '../support/real-browser.ts';
import { makeCodexHome } from '../support/run-codex.ts';
import { makeTestFolder } from '../support/start-middleware.ts';
import { startForwardAuth, type RunningForwardAuth } from '../support/traefik/start-forward-auth.ts';
import { startTraefik, type RunningTraefik } from '../support/traefik/start-traefik.ts';

const threeMinutes = 180_000;
const key = 'key-of-anna-0123456789';
const upgrade = ['connection', 'Upgrade', 'upgrade', 'websocket', 'sec-websocket-version', '13'];

let upstream: FakeUpstream;
let middleware: ComposedMiddleware;
let auth: RunningForwardAuth;
let traefik: RunningTraefik;
/** Two web servers, of which one may have its pages call. */
let pages: readonly Server[];

const originOf = (page: Server | undefined): string =>
  `http://127.0.0.1:${(page?.address() as AddressInfo).port}`;

beforeAll(async () => {
  pages = [0, 1].map(() =>
    createServer((_req, res) => res.setHeader('content-type', 'text/html').end('<!doctype html>')),
  );
  for (const page of pages) await once(page.listen(0, '127.0.0.1'), 'listening');
  const env = { CODEX_PLUS_API_KEYS: key, CODEX_PLUS_ALLOWED_ORIGINS: originOf(pages[0]) };
  upstream = await startFakeUpstream([says('hello from the model')]);
  [middleware, auth] = await Promise.all([composeMiddleware(upstream.url, env), startForwardAuth(env)]);
  traefik = await startTraefik({
    env: { ...env, CODEX_PLUS_URL: middleware.url, CODEX_PLUS_FORWARD_AUTH_URL: `${auth.url}/verify` },
    // Another proxy in front, which hands on what its clients say.
    trustedIPs: ['127.0.0.1/32'],
  });
}, threeMinutes);

afterAll(async () => {
  await traefik.stop();
  await auth.stop();
  await middleware.close();
  await upstream.close();
  for (const page of pages) page.close();
});

describe('the real Codex behind Traefik', () => {
  const run = async (codexKey: string) => {
    const codex = await makeCodexHome();
    const provider = `{name="codex-plus",base_url="${traefik.url}/v1",env_key="MY_KEY"}`;
    const pointed = ['-c', 'model_provider=codex-plus', '-c', `model_providers.codex-plus=${provider}`];
    const ran = await codex.exec([...pointed, '-m', 'gpt-5', 'Say hello.'], { MY_KEY: codexKey });
    await codex.remove();
    return ran;
  };

  test(
    'has its answer with a key [API-4]',
    async () => {
      const { exitCode, messages, errors } = await run(key);
      expect({ exitCode, messages, errors }).toEqual({
        exitCode: 0,
        messages: ['hello from the model'],
        errors: [],
      });
    },
    threeMinutes,
  );

  test(
    'tells its user what a wrong key means, without a second try [API-4]',
    async () => {
      const before = auth.output().split('"refused"').length;
      const { errors } = await run('key-of-nobody-0123456789');
      expect(errors.join('\n')).toContain('a key is asked for here');
      const posts = auth.output().split('"refused"').slice(before);
      expect(posts.filter((line) => line.includes('"method":"POST","path":"/v1/responses"'))).toHaveLength(1);
    },
    threeMinutes,
  );
});

test('an upgrade gets as far as the middleware with a key alone [API-4]', async () => {
  const ask = (headers: readonly string[]) =>
    callRaw(traefik.port, {
      method: 'GET',
      path: '/v1/responses',
      headers: [...headers, 'sec-websocket-key', 'AAAAAAAAAAAAAAAAAAAAAA=='],
    });
  // Which refuses it, so that Codex goes on over HTTP at once.
  expect((await ask([...upgrade, 'authorization', `Bearer ${key}`])).status).toBe(426);
  expect((await ask(upgrade)).status).toBe(401);
});

test('what a client says of its method does not count, though the proxy in front hands it on [API-4]', async () => {
  const { length } = upstream.requests;
  const headers = [
    'x-forwarded-method',
    'OPTIONS',
    'origin',
    originOf(pages[0]),
    'access-control-request-method',
    'POST',
  ];
  const { status, body } = await callRaw(traefik.port, {
    method: 'POST',
    path: '/v1/responses',
    headers,
    body: '{}',
  });
  expect([status, upstream.requests.length]).toEqual([401, length]);
  // The service's words: the middleware behind it would have refused it as well.
  expect(body.toString()).toContain('a key is asked for here');
});

(hasRealBrowser ? describe : describe.skip)('a page in a real browser', () => {
  /** What a page of this origin reads of a streamed call, or the error that its browser gives it. */
  const call = async (page: Server | undefined, pageKey: string): Promise<string> => {
    const folder = await makeTestFolder('forward-auth-browser');
    const browser = await startRealBrowser(folder);
    const tab = await browser.newPage();
    await tab.goto(originOf(page));
    const read = await tab.evaluate(
      async (url: string, bearer: string) => {
        try {
          const answer = await fetch(url, {
            method: 'POST',
            headers: {
              authorization: `Bearer ${bearer}`,
              'content-type': 'application/json',
              'x-stainless-lang': 'js',
            },
            body: '{"model":"gpt-5","stream":true,"messages":[{"role":"user","content":"hi"}]}',
          });
          return `${answer.status} ${answer.headers.get('content-type') ?? ''} ${await answer.text()}`;
        } catch (error) {
          return String(error);
        }
      },
      `${traefik.url}/v1/chat/completions`,
      pageKey,
    );
    await browser.close();
    await rm(folder, { recursive: true, force: true });
    return read;
  };

  test(
    'of an allowed origin reads a stream, and why it was refused [API-4]',
    async () => {
      const stream = await call(pages[0], key);
      expect(stream).toMatch(/^200 text\/event-stream/);
      expect(stream).toContain('[DONE]');
      expect(await call(pages[0], 'key-of-nobody-0123456789')).toMatch(
        /^401 application\/json .*a key is asked for here/,
      );
    },
    threeMinutes,
  );

  test(
    'of another origin is kept from calling by its browser [API-4]',
    async () => {
      const { length } = upstream.requests;
      expect(await call(pages[1], key)).toBe('TypeError: Failed to fetch');
      expect(upstream.requests).toHaveLength(length);
    },
    threeMinutes,
  );
});
