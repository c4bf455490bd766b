import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { forwardAuthSettings } from '../../../middleware/cli/forward-auth/forward-auth-settings.ts';
import { containerEnvironment, serviceOf } from '../../support/compose-file.ts';
import { rootDir } from '../../support/compose-middleware.ts';
import { callRaw, headerOf, openRaw, readAnswer, type RawAnswer } from '../../support/raw-client.ts';
import { runCli } from '../../support/run-cli.ts';
import { sparePort } from '../../support/spare-port.ts';
import { startForwardAuth, type RunningForwardAuth } from '../../support/traefik/start-forward-auth.ts';
import { until } from '../../support/until.ts';

const annasKey = 'key-of-anna-0123456789';
const proxyKey = 'key-of-the-proxy-0123456789';

let service: RunningForwardAuth;

beforeAll(async () => {
  service = await startForwardAuth({ CODEX_PLUS_API_KEYS: annasKey, PROXY_API_KEY: proxyKey });
}, 60_000);

afterAll(async () => {
  await service.stop();
});

/** The headers that Traefik 3.7 adds for a call of `POST /v1/responses?…`, behind those of the client. */
const ofTraefik = (method = 'POST', uri = '/v1/responses?key=in-a-query'): string[] => [
  ...['X-Forwarded-For', '203.0.113.7', 'X-Forwarded-Host', 'ai.example', 'X-Forwarded-Method', method],
  ...['X-Forwarded-Port', '443', 'X-Forwarded-Proto', 'https', 'X-Forwarded-Uri', uri],
];

/** Asks as Traefik does: with GET and without a body. */
async function verify(client: readonly string[], traefik = ofTraefik()): Promise<RawAnswer> {
  return await callRaw(service.port, { method: 'GET', path: '/verify', headers: [...client, ...traefik] });
}

const json = ({ body }: RawAnswer): unknown => JSON.parse(body.toString());

describe('GET /verify', () => {
  test.each([
    ['authorization', `Bearer ${annasKey}`, 'key-1'],
    ['Authorization', `bearer   ${annasKey}`, 'key-1'],
    ['x-api-key', annasKey, 'key-1'],
    ['X-Codex-Plus-Key', annasKey, 'key-1'],
    ['authorization', `Bearer ${proxyKey}`, 'PROXY_API_KEY'],
  ])('lets %s: %s through, and tells whose key it is [API-4]', async (name, value, caller) => {
    const answer = await verify([name, value]);
    expect([answer.status, answer.body.length, answer.isWhole]).toEqual([200, 0, true]);
    expect(headerOf(answer.headers, 'x-codex-plus-caller')).toBe(caller);
    expect(answer.headers.join('\n')).not.toContain('0123456789');
  });

  test("lets our key through beside the client's own login [API-4]", async () => {
    const answer = await verify(['authorization', 'Bearer eyJ.of.chatgpt', 'x-codex-plus-key', annasKey]);
    expect([answer.status, headerOf(answer.headers, 'x-codex-plus-caller')]).toEqual([200, 'key-1']);
  });

  test.each([
    ['none', []],
    ['a wrong one', ['authorization', 'Bearer key-of-nobody-0123456789']],
    ['the beginning of one', ['authorization', `Bearer ${annasKey.slice(0, -1)}`]],
    ['one with more behind it', ['x-api-key', `${annasKey}0`]],
    ['one in Basic', ['authorization', `Basic ${Buffer.from(`anna:${annasKey}`).toString('base64')}`]],
    ['one without its scheme', ['authorization', annasKey]],
    ['an empty one', ['x-api-key', '']],
    ['the name of one', ['x-codex-plus-key', 'key-1']],
    ['the header of the answer', ['x-codex-plus-caller', 'key-1']],
  ])('refuses %s, in the form of OpenAI [API-4]', async (_what, headers) => {
    const answer = await verify(headers);
    expect(answer.status).toBe(401);
    expect(json(answer)).toEqual({
      error: {
        message: expect.stringContaining('a key is asked for'),
        type: 'authentication_error',
        param: null,
        code: 'unauthorized',
      },
    });
    expect(headerOf(answer.headers, 'www-authenticate')).toBe('Bearer realm="codex-plus"');
    expect(headerOf(answer.headers, 'content-type')).toBe('application/json');
    expect(headerOf(answer.headers, 'x-codex-plus-caller')).toBeUndefined();
  });

  test('refuses in the form of the API that was called, and Codex as the middleware does [API-4]', async () => {
    const claude = await verify([], ofTraefik('POST', '/v1/messages?beta=true'));
    expect([claude.status, json(claude)]).toEqual([
      401,
      expect.objectContaining({
        type: 'error',
        error: expect.objectContaining({ type: 'authentication_error' }),
      }),
    ]);
    // It repeats a 401 six times, and shows a 400 in plain text word for word.
    const codex = await verify(['user-agent', 'codex_exec/0.171.0 (Linux)']);
    expect([codex.status, codex.body.toString()]).toEqual([
      400,
      expect.stringMatching(/^a key is asked for/),
    ]);
  });

  test.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'QUERY'])(
    'may be asked with %s [API-4]',
    async (method) => {
      const call = (key: string): Promise<RawAnswer> =>
        callRaw(service.port, {
          method,
          path: '/verify?x=1',
          headers: ['x-api-key', key],
          body: 'thrown away',
        });
      expect([(await call(annasKey)).status, (await call('wrong')).status]).toEqual([200, 401]);
    },
  );
});

describe('a preflight', () => {
  const asked = ['origin', 'https://app.example', 'access-control-request-method', 'POST'];

  test('needs no key, as browsers send none [API-4]', async () => {
    const answer = await verify(asked, ofTraefik('OPTIONS'));
    expect([answer.status, headerOf(answer.headers, 'x-codex-plus-caller')]).toEqual([200, undefined]);
  });

  test.each([
    ['an OPTIONS of no browser', [], ofTraefik('OPTIONS')],
    ['another method', asked, ofTraefik('POST')],
    ['a method that the client added', ['x-forwarded-method', 'OPTIONS', ...asked], ofTraefik('POST')],
    ['a method that the client added behind', asked, [...ofTraefik('POST'), 'x-forwarded-method', 'OPTIONS']],
    ['no method', asked, []],
  ])('is not %s [API-4]', async (_what, client, traefik) => {
    expect((await verify(client, traefik)).status).toBe(401);
  });
});

describe('what else is asked', () => {
  test('GET /healthz says that it lives, and every other path that there is nothing [API-4]', async () => {
    const health = await callRaw(service.port, { method: 'GET', path: '/healthz' });
    expect([health.status, json(health)]).toEqual([200, { ok: true }]);
    for (const path of ['/', '/verify/', '/VERIFY', '//verify', '/healthz/verify', '/verify/../healthz']) {
      const answer = await callRaw(service.port, { method: 'GET', path, headers: ['x-api-key', annasKey] });
      expect([path, answer.status, json(answer)]).toEqual([
        path,
        404,
        {
          error: { message: 'there is nothing here', type: 'invalid_request_error', param: null, code: null },
        },
      ]);
    }
  });

  test('an upgrade is refused, with a key as well [API-4]', async () => {
    const headers = ['x-api-key', annasKey, 'connection', 'upgrade', 'upgrade', 'websocket'];
    const answer = await callRaw(service.port, { method: 'GET', path: '/verify', headers });
    expect(answer.status).toBe(400);
  });
});

describe('the process', () => {
  test('logs each decision without a key and without the query [API-4]', async () => {
    await verify(['x-api-key', annasKey]);
    await verify(['x-api-key', 'key-of-nobody-0123456789']);
    const told = { method: 'POST', path: '/v1/responses', address: '203.0.113.7' };
    const lines = (): Record<string, unknown>[] =>
      service
        .output()
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    await until(() => lines().at(-1)?.['decision'] === 'refused');
    expect(lines().slice(-2)).toMatchObject([
      { message: 'verified', decision: 'caller', key: 'key-1', ...told },
      { message: 'verified', decision: 'refused', ...told },
    ]);
    expect(service.output()).not.toMatch(/0123456789|in-a-query/);
  });

  test.each(['SIGTERM', 'SIGINT'] as const)(
    'ends with %s when what has come in is answered [API-4]',
    async (signal) => {
      const stopped = await startForwardAuth({ PROXY_API_KEY: proxyKey });
      // A connection that is kept, as a proxy's are, and a request that is not whole yet.
      const kept = connect(stopped.port, '127.0.0.1');
      await once(kept, 'connect');
      const late = connect(stopped.port, '127.0.0.1');
      await once(late, 'connect');
      late.write(`GET /verify HTTP/1.1\r\nhost: x\r\nx-api-key: ${proxyKey}\r\n`);
      const whole = await openRaw(stopped.port, { method: 'GET', path: '/healthz' });
      expect((await readAnswer(whole)).status).toBe(200);
      const code = stopped.stop(signal);
      await until(() => stopped.output().includes('"stopping'));
      late.write('\r\n');
      const answer = await readAnswer(late);
      expect([answer.status, headerOf(answer.headers, 'connection')]).toEqual([200, 'close']);
      expect(await code).toBe(0);
      kept.destroy();
    },
  );

  test('starts with what its container is given [API-4]', async () => {
    const container = serviceOf('docker-compose.yml', 'forward-auth');
    expect(container.command).toEqual(['node', 'middleware/cli/main.ts', 'forward-auth']);
    const env = { ...containerEnvironment(container), CODEX_PLUS_API_KEYS: annasKey };
    const started = await startForwardAuth(env, ['--host', '127.0.0.1', '--port', '0']);
    expect((await fetch(`${started.url}/healthz`)).status).toBe(200);
    expect(await started.stop()).toBe(0);
  });

  test('listens where the environment says, and tells that a port is taken [API-4]', async () => {
    const port = await sparePort();
    const env = { PROXY_API_KEY: proxyKey, CODEX_PLUS_FORWARD_AUTH_PORT: String(port) };
    const first = await startForwardAuth({ ...env, CODEX_PLUS_FORWARD_AUTH_HOST: '127.0.0.1' }, []);
    expect(first.port).toBe(port);
    const second = await runCli(['forward-auth'], { env });
    expect([second.exitCode, second.stderr]).toEqual([
      1,
      `127.0.0.1:${port} is in use: choose another with --host and --port\n`,
    ]);
    await first.stop();
  }, 60_000);

  test.each([
    [{}, 'no key is configured, so nobody could be let through: set CODEX_PLUS_API_KEYS or PROXY_API_KEY'],
    [{ PROXY_API_KEY: 'codex-local-secret' }, 'the key "codex-local-secret" stands in public documents'],
    [
      { CODEX_PLUS_API_KEYS: `${annasKey},codex-local-secret` },
      'CODEX_PLUS_API_KEYS: has a key that documents show',
    ],
    [
      { PROXY_API_KEY: 'too short' },
      /KEY: must have at least 16 .*\nenvironment: PROXY_API_KEY: must be letters/,
    ],
    [{ CODEX_PLUS_API_KEYS: 'too-short' }, 'CODEX_PLUS_API_KEYS: must NOT have fewer than 16 characters'],
    [
      { PROXY_API_KEY: proxyKey, CODEX_PLUS_FORWARD_AUTH_PORT: '65536' },
      'CODEX_PLUS_FORWARD_AUTH_PORT: is not a port: a whole number up to 65535',
    ],
  ])('does not start with %j, and says why [API-4]', (env, reason) => {
    expect(() => forwardAuthSettings({}, { rootDir, env, isTerminal: false })).toThrow(reason);
  });

  test('that does not start ends with 1, and with 2 where the call is wrong [API-4]', async () => {
    const failed = await runCli(['forward-auth']);
    expect([failed.exitCode, failed.stdout, failed.stderr]).toEqual([
      1,
      '',
      'environment: no key is configured, so nobody could be let through: set CODEX_PLUS_API_KEYS or PROXY_API_KEY\n',
    ]);
    const wrong = await runCli(['forward-auth', '--port', '8o80']);
    expect([wrong.exitCode, wrong.stderr]).toEqual([
      2,
      expect.stringContaining('a whole number up to 65535'),
    ]);
  });
});
