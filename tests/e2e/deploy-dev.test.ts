import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { rootDir } from '../support/compose-middleware.ts';
import { isRunning } from '../support/is-running.ts';
import { sparePort } from '../support/spare-port.ts';
import { makeTestFolder } from '../support/start-middleware.ts';
import { until } from '../support/until.ts';

const twoMinutes = 120_000;

interface DevHealth {
  readonly pid: number;
  readonly litellm: { readonly state: string; readonly models: readonly string[] };
}

let dev: ChildProcessByStdio<null, Readable, null>;
let folder: string;
let litellmConfigFile: string;
let url: string;
const litellmPids: number[] = [];

async function health(): Promise<DevHealth | undefined> {
  return await fetch(`${url}/health`).then(
    async (answer) => (await answer.json()) as DevHealth,
    // Not there at the moment.
    () => undefined,
  );
}

beforeAll(async () => {
  folder = await makeTestFolder('dev');
  litellmConfigFile = join(folder, 'litellm_config.yaml');
  await writeFile(litellmConfigFile, await readFile(join(rootDir, 'config', 'litellm_config.yaml'), 'utf8'));
  const port = await sparePort();
  url = `http://127.0.0.1:${port}`;
  dev = spawn(process.execPath, ['scripts/dev.mjs'], {
    cwd: rootDir,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      CODEX_PLUS_PORT: String(port),
      CODEX_PLUS_STATE_DIR: folder,
      CODEX_PLUS_LITELLM_URL: `http://127.0.0.1:${await sparePort()}`,
      CODEX_PLUS_LITELLM_CONFIG: litellmConfigFile,
      CODEX_PLUS_LOG_FORMAT: 'json',
    },
  });
  createInterface({ input: dev.stdout }).on('line', (line) => {
    const pid = /LiteLLM is ready .*"pid":(\d+)/.exec(line)?.[1];
    if (pid !== undefined) litellmPids.push(Number(pid));
  });
  await until(async () => (await health())?.litellm.state === 'ready', 90_000);
}, twoMinutes);

afterAll(async () => {
  if (dev.exitCode === null) dev.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

describe('npm run dev', () => {
  test(
    'an edit of the middleware starts it anew, and LiteLLM stays [OPS-3]',
    async () => {
      const before = await health();
      // As a save does; the content is none of this test's business.
      await utimes(join(rootDir, 'middleware', 'compose.ts'), new Date(), new Date());
      await until(async () => ((await health())?.pid ?? before?.pid) !== before?.pid, 30_000);
      await until(async () => (await health())?.litellm.state === 'ready', 30_000);
      expect(litellmPids).toHaveLength(1);
    },
    twoMinutes,
  );

  test(
    "an edit of LiteLLM's configuration is taken over, and the middleware stays [OPS-3]",
    async () => {
      const before = await health();
      const config = await readFile(litellmConfigFile, 'utf8');
      const added =
        '  - model_name: added\n    litellm_params: { model: openai/gpt-4o, api_key: sk-made-up }\n';
      await writeFile(litellmConfigFile, config.replace('model_list:\n', `model_list:\n${added}`));
      await until(async () => (await health())?.litellm.models.includes('added') === true, 60_000);
      expect((await health())?.pid).toBe(before?.pid);
      expect(litellmPids).toHaveLength(2);
    },
    twoMinutes,
  );

  test(
    'it ends with all that it started [OPS-3]',
    async () => {
      const pids = [(await health())?.pid ?? 0, ...litellmPids];
      dev.kill('SIGTERM');
      expect(await once(dev, 'exit')).toEqual([0, null]);
      await until(() => !pids.some(isRunning));
    },
    twoMinutes,
  );
});
