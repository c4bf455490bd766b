import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { rootDir } from '../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../support/fake-upstream/fake-upstream.ts';
import { sparePort } from '../support/spare-port.ts';
import { makeTestFolder } from '../support/start-middleware.ts';
import { until } from '../support/until.ts';

const threeMinutes = 180_000;

interface Running {
  readonly url: string;
  readonly folder: string;
  readonly output: () => string;
  readonly stop: () => Promise<number | null>;
}

let upstream: FakeUpstream;
let running: Running | undefined;

beforeAll(async () => {
  upstream = await startFakeUpstream();
});

afterAll(async () => {
  await upstream.close();
});

afterEach(async () => {
  await running?.stop();
  if (running !== undefined) await rm(running.folder, { recursive: true, force: true });
  running = undefined;
}, threeMinutes);

/** Runs one of the project's scripts as a user does, with ports and keys of the test's own. */
async function runScript(name: string): Promise<Running> {
  const folder = await makeTestFolder(name);
  await mkdir(join(folder, 'config'));
  await copyFile(join(rootDir, 'config', 'litellm_config.yaml'), join(folder, 'litellm_config.yaml'));
  const [port, litellmPort] = [await sparePort(), await sparePort()];
  const child: ChildProcess = spawn(process.execPath, [`scripts/${name}.mjs`], {
    cwd: rootDir,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      CODEX_PLUS_PORT: String(port),
      CODEX_PLUS_LOG_FORMAT: 'pretty',
      CODEX_PLUS_STATE_DIR: folder,
      CODEX_PLUS_LITELLM_URL: `http://127.0.0.1:${litellmPort}`,
      CODEX_PLUS_LITELLM_CONFIG: join(folder, 'litellm_config.yaml'),
      OPENAI_API_KEY: 'sk-openai-made-up',
      OPENAI_API_BASE: `${upstream.url}/v1`,
    },
  });
  const exited = once(child, 'exit') as Promise<[number | null]>;
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  running = {
    url: `http://127.0.0.1:${port}`,
    folder,
    output: () => output,
    stop: async () => {
      if (child.exitCode === null) child.kill('SIGTERM');
      return (await exited)[0];
    },
  };
  return running;
}

async function litellmOf({ url }: Running): Promise<{ state: string; models: string[] } | undefined> {
  try {
    const health = (await (await fetch(`${url}/health`)).json()) as {
      litellm: { state: string; models: string[] };
    };
    return health.litellm;
  } catch {
    // Not listening yet, or between two starts.
    return undefined;
  }
}

async function ask({ url }: Running): Promise<string> {
  const answer = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"model":"gpt-5","messages":[{"role":"user","content":"hi"}]}',
  });
  return answer.text();
}

describe('the two commands', () => {
  test(
    'npm start answers before LiteLLM is there, says how to connect, and ends both tiers on a signal [OPS-1]',
    async () => {
      const start = await runScript('start');
      await until(async () => (await litellmOf(start)) !== undefined, 60_000);
      expect(await ask(start)).toContain('hello');
      await until(() => start.output().includes('OPENAI_BASE_URL='), 10_000);
      expect(start.output()).toContain(`base_url="${start.url}/v1"`);
      await until(async () => (await litellmOf(start))?.state === 'ready', 120_000);
      expect(await ask(start)).toContain('hello');
      expect(await start.stop()).toBe(0);
    },
    threeMinutes,
  );

  test(
    'npm run dev starts both tiers, and each anew when its files change [OPS-3]',
    async () => {
      const dev = await runScript('dev');
      await until(async () => (await litellmOf(dev))?.state === 'ready', 120_000);
      const starts = (): number => dev.output().split('listening').length - 1;
      const before = starts();
      const source = join(rootDir, 'middleware', 'how-to-connect.ts');
      const now = new Date();
      await utimes(source, now, now);
      await until(() => starts() > before, 30_000);

      const config = join(dev.folder, 'litellm_config.yaml');
      const added =
        '  - model_name: added\n    litellm_params: { model: openai/gpt-4o, api_key: sk-made-up }\n';
      await writeFile(
        config,
        (await readFile(config, 'utf8')).replace('model_list:\n', `model_list:\n${added}`),
      );
      await until(async () => (await litellmOf(dev))?.models.includes('added') === true, 120_000);
      expect(await dev.stop()).toBe(0);
    },
    threeMinutes,
  );
});
