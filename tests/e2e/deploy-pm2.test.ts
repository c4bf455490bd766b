import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rootDir } from '../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../support/fake-upstream/fake-upstream.ts';
import { says, streams } from '../support/fake-upstream/step.ts';
import { isRunning } from '../support/is-running.ts';
import { startPm2, type Pm2, type Pm2App } from '../support/run-pm2.ts';
import { sparePort } from '../support/spare-port.ts';
import { makeTestFolder, type Health } from '../support/start-middleware.ts';
import { until } from '../support/until.ts';

const twoMinutes = 120_000;
const ecosystem = 'ecosystem.config.js';

let upstream: FakeUpstream;
let pm2: Pm2;
let url: string;
let folder: string;
let litellmConfigFile: string;

function ask(body: Readonly<Record<string, unknown>>): Promise<Response> {
  return fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ messages: [{ role: 'user', content: 'hi' }], ...body }),
  });
}

async function health(): Promise<Health | undefined> {
  return await fetch(`${url}/health`).then(
    async (answer) => (await answer.json()) as Health,
    // Not there yet.
    () => undefined,
  );
}

async function app(name: string): Promise<Pm2App | undefined> {
  return (await pm2.list()).find((one) => one.name === name);
}

/** The LiteLLM that was started last. */
async function litellmPid(): Promise<number> {
  const pids = [...(await pm2.output('codex-plus-litellm')).matchAll(/"pid":(\d+)/g)];
  return Number(pids.at(-1)?.[1]);
}

async function untilBothAreReady(): Promise<void> {
  await until(async () => (await health())?.litellm.state === 'ready', 90_000);
}

/** A stream of ten pieces that lasts four seconds, longer than PM2 waits by itself; resolves when it has begun. */
async function beginStream(): Promise<Response> {
  const chunk = (content: string): string =>
    `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'gpt-5', choices: [{ index: 0, delta: { content }, finish_reason: null }] })}\n\n`;
  const pieces = Array.from({ length: 10 }, (_, index) => chunk(`${index},`));
  upstream.use(({ json }) =>
    json?.['stream'] === true ? streams([...pieces, 'data: [DONE]\n\n'], { pauseMs: 400 }) : says('hello'),
  );
  const answer = await ask({ model: 'gpt-5', stream: true });
  expect(answer.status).toBe(200);
  return answer;
}

async function expectWhole(answer: Response): Promise<void> {
  const told = await answer.text();
  expect([...told.matchAll(/"content":"(\d),"/g)].map(([, index]) => index).join('')).toBe('0123456789');
  expect(told).toContain('[DONE]');
}

beforeAll(async () => {
  upstream = await startFakeUpstream();
  folder = await makeTestFolder('pm2-state');
  litellmConfigFile = join(folder, 'litellm_config.yaml');
  await writeFile(litellmConfigFile, await readFile(join(rootDir, 'config', 'litellm_config.yaml'), 'utf8'));
  const port = await sparePort();
  url = `http://127.0.0.1:${port}`;
  pm2 = await startPm2({
    CODEX_PLUS_PORT: String(port),
    CODEX_PLUS_STATE_DIR: folder,
    CODEX_PLUS_LITELLM_URL: `http://127.0.0.1:${await sparePort()}`,
    CODEX_PLUS_LITELLM_CONFIG: litellmConfigFile,
    OPENAI_API_KEY: 'sk-openai-made-up',
    OPENAI_API_BASE: `${upstream.url}/v1`,
    ANTHROPIC_API_KEY: 'sk-ant-made-up',
    // What a developer's .env sets must not count.
    CODEX_PLUS_API_KEYS: '',
    LITELLM_MASTER_KEY: '',
  });
  await pm2.run('start', ecosystem);
  await untilBothAreReady();
}, twoMinutes);

afterAll(async () => {
  await pm2.kill();
  await upstream.close();
  await rm(folder, { recursive: true, force: true });
}, twoMinutes);

describe('ecosystem.config.js', () => {
  test(
    'PM2 runs both tiers, which share the key that was made, and a call goes through both [OPS-2]',
    async () => {
      expect(await pm2.list()).toMatchObject([
        { name: 'codex-plus-litellm', status: 'online', restarts: 0 },
        { name: 'codex-plus-middleware', status: 'online', restarts: 0 },
      ]);
      expect((await ask({ model: 'gpt-high' })).status).toBe(200);
      // The alias and the provider's library are LiteLLM's.
      expect(upstream.requests.at(-1)?.json?.['model']).toBe('gpt-5');
      expect(upstream.requests.at(-1)?.rawHeaders.join('\n')).toMatch(/x-stainless-lang/i);
    },
    twoMinutes,
  );

  test(
    'an edited configuration of LiteLLM is taken over, and no request is lost [OPS-2] [RT-1]',
    async () => {
      const before = [await app('codex-plus-litellm'), await app('codex-plus-middleware')];
      const streaming = await beginStream();
      const config = await readFile(litellmConfigFile, 'utf8');
      const added =
        '  - model_name: added\n    litellm_params: { model: openai/gpt-4o, api_key: sk-made-up }\n';
      await writeFile(litellmConfigFile, config.replace('model_list:\n', `model_list:\n${added}`));
      const statuses: number[] = [];
      await until(async () => {
        statuses.push((await ask({ model: 'gpt-4' })).status);
        return (await ask({ model: 'added' })).status === 200;
      }, 60_000);
      expect(new Set(statuses)).toEqual(new Set([200]));
      await expectWhole(streaming);
      expect([await app('codex-plus-litellm'), await app('codex-plus-middleware')]).toEqual(before);
    },
    twoMinutes,
  );

  test(
    'a reload of the middleware lets a running stream finish [OPS-2]',
    async () => {
      const before = await app('codex-plus-middleware');
      const streaming = await beginStream();
      const reloaded = pm2.run('reload', 'codex-plus-middleware');
      await expectWhole(streaming);
      await reloaded;
      await untilBothAreReady();
      const after = await app('codex-plus-middleware');
      expect(after).toMatchObject({ status: 'online', restarts: 1 });
      expect(after?.pid).not.toBe(before?.pid);
      expect((await ask({ model: 'gpt-5' })).status).toBe(200);
    },
    twoMinutes,
  );

  test(
    'a stop of both lets a running stream finish and leaves nothing behind [OPS-2]',
    async () => {
      const pids = [...(await pm2.list()).map(({ pid }) => pid), await litellmPid()];
      expect(pids.map(isRunning)).toEqual([true, true, true]);
      const streaming = await beginStream();
      const stopped = pm2.run('stop', ecosystem);
      await expectWhole(streaming);
      await stopped;
      expect((await pm2.list()).map(({ status }) => status)).toEqual(['stopped', 'stopped']);
      expect(pids.map(isRunning)).toEqual([false, false, false]);
    },
    twoMinutes,
  );
});
