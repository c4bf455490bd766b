import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import OpenAI from 'openai';
import { labelsOf, composeServices } from '../support/compose-file.ts';
import { composeMiddleware, type ComposedMiddleware } from '../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../support/fake-upstream/fake-upstream.ts';
import { says, streams } from '../support/fake-upstream/step.ts';
import { callRaw, headerOf } from '../support/raw-client.ts';
import { startDockerStandIn, type DockerStandIn } from '../support/traefik/docker-stand-in.ts';
import { startForwardAuth, type RunningForwardAuth } from '../support/traefik/start-forward-auth.ts';
import { startTraefik, type RunningTraefik } from '../support/traefik/start-traefik.ts';

const threeMinutes = 180_000;
const key = 'key-of-anna-0123456789';
const origin = 'https://app.example';
const keys = { CODEX_PLUS_API_KEYS: key };
const preflight = ['origin', origin, 'access-control-request-method', 'POST'];

let upstream: FakeUpstream;
let middleware: ComposedMiddleware;
let auth: RunningForwardAuth;

beforeAll(async () => {
  upstream = await startFakeUpstream();
  const env = { ...keys, CODEX_PLUS_ALLOWED_ORIGINS: origin };
  [middleware, auth] = await Promise.all([composeMiddleware(upstream.url, env), startForwardAuth(keys)]);
}, threeMinutes);

/** What one test started for itself. */
let started: Edge | undefined;

afterEach(async () => {
  await started?.traefik.stop();
  await started?.docker?.close();
  started = undefined;
});

afterAll(async () => {
  await auth.stop();
  await middleware.close();
  await upstream.close();
});

beforeEach(() => {
  upstream.use(() => says('hello'));
  upstream.forget();
});

interface Edge {
  readonly traefik: RunningTraefik;
  readonly docker?: DockerStandIn;
}

/** With the files of deploy/traefik, as the compose profile starts it. */
async function byFiles(): Promise<Edge> {
  const env = {
    CODEX_PLUS_URL: middleware.url,
    CODEX_PLUS_FORWARD_AUTH_URL: `${auth.url}/verify`,
    CODEX_PLUS_ALLOWED_ORIGINS: `${origin}, https://other.example`,
  };
  return { traefik: await startTraefik({ env }) };
}

/** With the labels of docker-compose.yml, as a Traefik that asks Docker finds them. */
async function byLabels(servicePort = middleware.port, origins = origin): Promise<Edge> {
  const labels = labelsOf(composeServices().middleware, {
    CODEX_PLUS_TRAEFIK_LABELS: 'true',
    CODEX_PLUS_TRAEFIK_HOST: '127.0.0.1',
    CODEX_PLUS_FORWARD_AUTH_URL: `${auth.url}/verify`,
    CODEX_PLUS_ALLOWED_ORIGINS: origins,
  });
  const port = { 'traefik.http.services.codex-plus.loadbalancer.server.port': String(servicePort) };
  const docker = await startDockerStandIn('middleware', { ...labels, ...port });
  const providers = { docker: { endpoint: docker.endpoint, exposedByDefault: false } };
  return { docker, traefik: await startTraefik({ env: {}, providers }) };
}

describe.each([
  ['with the files of deploy/traefik', byFiles],
  ['with the labels of docker-compose.yml', () => byLabels()],
])('Traefik %s', (_name, start) => {
  let edge: Edge;
  let url: string;

  beforeAll(async () => {
    edge = await start();
    ({ url } = edge.traefik);
  }, threeMinutes);

  afterAll(async () => {
    await edge.traefik.stop();
    await edge.docker?.close();
  });

  const raw = (method: string, path: string, headers: readonly string[] = []): ReturnType<typeof callRaw> =>
    callRaw(edge.traefik.port, {
      method,
      path,
      headers: [...headers, 'content-type', 'application/json'],
      body:
        method === 'POST'
          ? JSON.stringify({ model: 'gpt-5', messages: [{ role: 'user', content: 'hi' }] })
          : '',
    });

  test("lets an SDK's call with a key through, whose key goes no further [API-4]", async () => {
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key });
    const { choices } = await client.chat.completions.create({
      model: 'gpt-5',
      messages: [{ role: 'user', content: 'hi' }],
    });
    expect(choices[0]?.message.content).toBe('hello');
    const [seen] = upstream.requests;
    expect(headerOf(seen?.rawHeaders ?? [], 'x-codex-plus-caller')).toBeUndefined();
    expect(seen?.rawHeaders.join('\n')).not.toContain(key);
    expect(middleware.lines.findLast(({ message }) => message === 'exchange')).toMatchObject({
      key: 'key-1',
    });
  });

  test('hands a stream on as it comes [API-4]', async () => {
    upstream.use(() => streams(['data: {"one":1}\n\n', 'data: [DONE]\n\n'], { then: 'silence' }));
    const leaving = new AbortController();
    const answer = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify({ model: 'gpt-5', messages: [{ role: 'user', content: 'hi' }], stream: true }),
      signal: leaving.signal,
    });
    // The upstream never ends its answer, so what is read here was not kept until its end.
    const reader = answer.body?.getReader() as ReadableStreamDefaultReader<Uint8Array> | undefined;
    const first = await reader?.read();
    expect(Buffer.from(first?.value ?? []).toString()).toContain('"one"');
    leaving.abort();
    expect(await upstream.requests[0]?.closed).toBe(true);
  });

  test('tells a client without a key why, in the form of its API [API-4]', async () => {
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'wrong', maxRetries: 0 });
    await expect(
      client.chat.completions.create({ model: 'gpt-5', messages: [{ role: 'user', content: 'hi' }] }),
    ).rejects.toMatchObject({ status: 401, code: 'unauthorized', type: 'authentication_error' });
    const refused = await raw('POST', '/v1/messages', ['origin', origin]);
    expect(refused.status).toBe(401);
    expect(JSON.parse(refused.body.toString())).toMatchObject({
      type: 'error',
      error: { type: 'authentication_error' },
    });
    expect(headerOf(refused.headers, 'www-authenticate')).toBe('Bearer realm="codex-plus"');
    // So that the script of a page can read why.
    expect(headerOf(refused.headers, 'access-control-allow-origin')).toBe(origin);
    expect(upstream.requests).toEqual([]);
  });

  test.each([
    ['POST', '/v1/responses', ['x-forwarded-method', 'OPTIONS', ...preflight]],
    ['POST', '/v1/responses', ['x-forwarded-uri', '/healthz', 'x-forwarded-method', 'GET']],
    ['POST', '/v1/responses', ['x-codex-plus-caller', 'anna']],
    ['POST', '/v1/responses', ['connection', 'x-forwarded-method, close']],
    ['POST', '/v1/models', []],
    ['POST', '/v1/models/../responses', []],
    ['POST', '//v1/responses', []],
    ['POST', '/v1//responses', []],
    ['POST', '/v1/%2e%2e/v1/responses', []],
    ['POST', '/healthz/../v1/responses', []],
    ['POST', '/healthz', []],
    ['POST', '/responses', []],
    ['POST', '/V1/responses', []],
    ['OPTIONS', '/v1/responses', []],
    ['GET', '/v1/files', []],
    ['DELETE', '/v1/responses/resp_1', []],
    ['GET', '/metrics', []],
    ['GET', '/health', []],
    ['POST', '/mcp', []],
  ] as const)('lets no %s %s with %j through without a key [API-4]', async (method, path, headers) => {
    const { status, body } = await raw(method, path, headers);
    expect([301, 401, 404]).toContain(status);
    // Nothing of it reached the middleware, which would have refused it in its own words.
    expect(body.toString()).toMatch(/^$|a key is asked for here|^404 page not found|^<a href/);
    expect(upstream.requests).toEqual([]);
  });

  test('answers a preflight itself, and allows the origins that may call [API-4]', async () => {
    const allowed = await raw('OPTIONS', '/v1/responses', preflight);
    expect(allowed.status).toBe(200);
    expect(headerOf(allowed.headers, 'access-control-allow-origin')).toBe(origin);
    expect(headerOf(allowed.headers, 'access-control-allow-headers')).toBe('Authorization,*');
    expect(headerOf(allowed.headers, 'access-control-allow-methods')).toContain('POST');
    expect(headerOf(allowed.headers, 'access-control-allow-credentials')).toBeUndefined();
    const [, , ...asked] = preflight;
    const other = await raw('OPTIONS', '/v1/responses', ['origin', 'https://evil.example', ...asked]);
    expect(headerOf(other.headers, 'access-control-allow-origin')).toBeUndefined();
    expect(upstream.requests).toEqual([]);
  });

  test('a page of an allowed origin reads an answer, and one of another is refused [API-4]', async () => {
    const auth = ['authorization', `Bearer ${key}`];
    const allowed = await raw('POST', '/v1/chat/completions', [...auth, 'origin', origin]);
    expect([allowed.status, headerOf(allowed.headers, 'access-control-allow-origin')]).toEqual([200, origin]);
    expect(headerOf(allowed.headers, 'vary')).toMatch(/origin/i);
    const other = await raw('POST', '/v1/chat/completions', [...auth, 'origin', 'https://evil.example']);
    expect([other.status, headerOf(other.headers, 'access-control-allow-origin')]).toEqual([403, undefined]);
  });

  test('the health is for everybody, and the models for whom the middleware tells them [API-4]', async () => {
    const health = await raw('GET', '/healthz');
    expect([health.status, JSON.parse(health.body.toString())]).toMatchObject([200, { ok: true }]);
    const refused = await raw('GET', '/v1/models');
    expect(JSON.parse(refused.body.toString())).toMatchObject({
      error: { message: expect.stringContaining('this codex-plus') },
    });
    expect((await raw('GET', '/v1/models', ['x-api-key', key])).status).toBe(200);
    expect(edge.traefik.isHealthy()).toBe(true);
  });
});

/** The names and values of a header in a request, in order. */
function callersIn(rawHeaders: readonly string[] = []): string[] {
  return rawHeaders.filter(
    (_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === 'x-codex-plus-caller',
  );
}

test(
  'whose key it was is told to the service in place of what the client says, and no origin is allowed by itself [API-4]',
  async () => {
    const service = await startFakeUpstream();
    started = await byLabels(service.port, '');
    const { url } = started.traefik;
    for (const claimed of ['', 'boss']) {
      const answer = await fetch(`${url}/v1/responses`, {
        method: 'POST',
        headers: {
          'x-codex-plus-key': key,
          authorization: 'Bearer of-the-client',
          'x-codex-plus-caller': claimed,
          origin,
        },
        body: '{}',
      });
      expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, null]);
    }
    expect(service.requests.map(({ rawHeaders }) => callersIn(rawHeaders))).toEqual([['key-1'], ['key-1']]);
    expect(service.requests.map(({ rawHeaders }) => headerOf(rawHeaders, 'authorization'))).toEqual([
      'Bearer of-the-client',
      'Bearer of-the-client',
    ]);
    await service.close();
  },
  threeMinutes,
);

test(
  'what cannot be verified is refused: without the service nothing gets through [API-4]',
  async () => {
    const env = { CODEX_PLUS_URL: middleware.url, CODEX_PLUS_FORWARD_AUTH_URL: 'http://127.0.0.1:9/verify' };
    started = { traefik: await startTraefik({ env }) };
    const answer = await fetch(`${started.traefik.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, origin },
      body: '{}',
    });
    expect(answer.status).toBe(500);
    // And without origins in the environment, none is allowed.
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    expect(upstream.requests).toEqual([]);
  },
  threeMinutes,
);

test('no key is in the log of the service [API-4]', () => {
  expect(auth.output()).toContain(
    '"decision":"caller","key":"key-1","method":"POST","path":"/v1/chat/completions"',
  );
  expect(auth.output()).not.toContain(key);
});
