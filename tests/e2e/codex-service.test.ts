import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import OpenAI from 'openai';
import { codexProgram } from '../support/codex-program.ts';
import { startFakeUpstream } from '../support/fake-upstream/fake-upstream.ts';
import { says } from '../support/fake-upstream/step.ts';
import { hasRealBrowser, startRealBrowser } from '../support/real-browser.ts';
import { runCli, type CliRun } from '../support/run-cli.ts';
import { startApi, type RunningApi } from '../support/start-api.ts';
import { makeTestFolder } from '../support/start-middleware.ts';
import { until } from '../support/until.ts';
import { scriptedCodex } from '../support/scripted-codex.ts';

jest.setTimeout(180_000);

const key = 'key-0123456789abcdef';

let folder: string;
let api: RunningApi | undefined;

beforeEach(async () => {
  folder = await makeTestFolder('codex-service');
});

afterEach(async () => {
  await api?.stop();
  api = undefined;
  await rm(folder, { recursive: true, force: true });
});

async function start(env: Readonly<Record<string, string>>): Promise<RunningApi> {
  return (api = await startApi({ folder, env }));
}

describe('codex-plus api', () => {
  test('the real Codex answers, with the provider of its own settings [API-3]', async () => {
    const upstream = await startFakeUpstream(() => says('Hello from Codex.'));
    await mkdir(join(folder, '.codex-api'));
    await writeFile(
      join(folder, '.codex-api', 'config.toml'),
      `[model_providers.own]\nname = "own"\nbase_url = "${upstream.url}/v1"\nenv_key = "OPENAI_API_KEY"\n`,
    );
    const { url, stop } = await start({
      ...{ CODEX_BIN: codexProgram, CODEX_FORCE_PROVIDER: 'own', PROXY_API_KEY: key },
      ...{ OPENAI_API_KEY: 'sk-of-the-provider' },
    });
    try {
      const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 });
      const asked = { model: 'codex-5', messages: [{ role: 'user' as const, content: 'Say hello.' }] };
      const answer = await client.chat.completions.create(asked);
      expect(answer.choices[0]?.message.content).toBe('Hello from Codex.');
      const seen = upstream.requests.at(-1);
      expect(seen?.json).toMatchObject({ model: 'gpt-5', input: [{ role: 'user' }] });
      expect(seen?.json).not.toHaveProperty('instructions');
      expect(JSON.stringify(seen)).toContain('Bearer sk-of-the-provider');
      expect((await client.models.list()).data.map(({ id }) => id)).toContain('codex-5-high');
      const stranger = await fetch(`${url}/v1/chat/completions`, { method: 'POST', body: '{}' });
      expect(stranger.status).toBe(401);
      expect(await stop()).toBe(0);
    } finally {
      await upstream.close();
    }
  });

  test('keeps what calls used when it is killed at once behind an answer [API-2]', async () => {
    const before = await start({ CODEX_BIN: scriptedCodex });
    const answer = await fetch(`${before.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'codex-5', messages: [{ role: 'user', content: 'hello' }] }),
    });
    expect(await answer.text()).toContain('Hello.');
    await before.kill('service');
    const after = await start({ CODEX_BIN: scriptedCodex });
    const used = await (await fetch(`${after.url}/v1/usage?by=model`)).json();
    expect(used).toMatchObject({ data: [{ model: 'codex-5', requests: 1, failed_requests: 0 }] });
  });

  test.each(['script', 'command line'] as const)('ends when its %s is killed [API-3]', async (name) => {
    const { url, kill } = await start({ CODEX_BIN: scriptedCodex });
    await kill(name);
    await until(() =>
      fetch(`${url}/healthz`).then(
        () => false,
        () => true,
      ),
    );
  });

  test('tells names that it does not know, and does not start with what cannot work [API-3]', async () => {
    const { url, lines } = await start({ CODEX_BIN: scriptedCodex, PROXY_TIMOUT_MS: '1', PROXY_ENV: 'dev' });
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: 'warn',
        message: expect.stringContaining('did you mean PROXY_TIMEOUT_MS?'),
      }),
    );
    expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ ok: true, sandbox_mode: 'read-only' });
    expect(await (await fetch(`${url}/v1/models`)).text()).toContain('"codev-5"');
    await expect(
      startApi({ folder, env: { CODEX_BIN: join(folder, 'nothing'), PORT: 'x' } }),
    ).rejects.toThrow(/PORT: "x" is not a whole number/);
    await expect(startApi({ folder, env: { CODEX_BIN: join(folder, 'nothing') } })).rejects.toThrow(
      /environment: CODEX_BIN: Codex is not installed/,
    );
  });
});

test('codex-plus status and stop tell of it and end it, where they are asked for it [API-4] [OPS-4]', async () => {
  const place = { CODEX_PLUS_STATE_DIR: join(folder, 'state'), CODEX_PLUS_PORT: '9' };
  const run = (...args: readonly string[]): Promise<CliRun> => runCli(args, { env: place, cwd: folder });
  expect(await run('status', '--api')).toMatchObject({
    exitCode: 3,
    stderr: 'nothing answers at http://127.0.0.1:9; start it with: codex-plus api\n',
  });
  const { url, exited } = await start({ CODEX_BIN: scriptedCodex, PROXY_API_KEY: key });
  const meant = `; codex-plus api runs at ${url}: codex-plus`;
  expect(await run('status')).toMatchObject({
    exitCode: 3,
    stderr: `nothing answers at http://127.0.0.1:9; start it with: codex-plus start${meant} status --api\n`,
  });
  expect(await run('stop')).toMatchObject({
    exitCode: 3,
    stderr: `nothing answers at http://127.0.0.1:9${meant} stop --api\n`,
  });
  const keyed = await runCli(['status', '--api'], { env: { ...place, CODEX_PLUS_KEY: key }, cwd: folder });
  expect(keyed.stdout.split('\n')).toEqual([
    expect.stringMatching(/^codex-plus {2}ok, version \S+, pid \d+, up \d+ s$/),
    `address     ${url}`,
    'models      codex-5, codex-5-low, codex-5-medium, codex-5-high, codex-5-minimal',
    'codex       a worker is started with the first call',
    'clients     none seen yet',
    '',
  ]);
  expect(await run('stop', '--api')).toEqual({
    ...{ exitCode: 0, stderr: '' },
    stdout: 'stopping; running streams may finish …\nstopped\n',
  });
  expect(await exited).toBe(0);
});

/** A page of another origin. */
async function servePage(): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer((_req, res) =>
    res.setHeader('content-type', 'text/html').end('<title>page</title>'),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://localhost:${(server.address() as AddressInfo).port}` };
}

interface Seen {
  readonly status: number;
  readonly text: string;
  readonly retryAfter: string | null;
}

/** Run in the page. */
async function callFromPage(url: string, key: string | undefined, stream: boolean): Promise<Seen | string> {
  try {
    const answer = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      },
      body: JSON.stringify({ model: 'codex-5', stream, messages: [{ role: 'user', content: 'hello' }] }),
    });
    return {
      status: answer.status,
      text: await answer.text(),
      retryAfter: answer.headers.get('retry-after'),
    };
  } catch (error) {
    return String(error);
  }
}

(hasRealBrowser ? describe : describe.skip)('a page in a browser', () => {
  test('of another origin reads answers, streams and errors; not where CORS is switched off [API-2]', async () => {
    const browser = await startRealBrowser(folder);
    const { server, url: pageUrl } = await servePage();
    try {
      const open = await start({
        ...{ CODEX_BIN: scriptedCodex, PROXY_API_KEY: key },
        ...{
          PROXY_RATE_LIMIT_ENABLED: 'true',
          PROXY_RATE_LIMIT_MAX: '2',
          PROXY_RATE_LIMIT_WINDOW_MS: '3600000',
        },
      });
      const page = await browser.newPage();
      await page.goto(pageUrl);
      const call = (url: string, given: string | undefined, stream: boolean): Promise<Seen | string> =>
        page.evaluate(callFromPage, url, given, stream);
      expect(await call(open.url, key, false)).toMatchObject({
        status: 200,
        text: expect.stringContaining('Hello.'),
      });
      expect(await call(open.url, key, true)).toMatchObject({
        status: 200,
        text: expect.stringMatching(/"Hello\."[^]*data: \[DONE\]\n\n$/),
      });
      expect(await call(open.url, key, true)).toMatchObject({ status: 429, retryAfter: expect.any(String) });
      expect(await call(open.url, undefined, false)).toMatchObject({ status: 401 });
      await open.stop();
      const closed = await start({
        CODEX_BIN: scriptedCodex,
        PROXY_API_KEY: key,
        PROXY_ENABLE_CORS: 'false',
      });
      expect(await call(closed.url, key, false)).toMatch(/Failed to fetch/);
    } finally {
      await browser.close();
      server.close();
    }
  });
});
