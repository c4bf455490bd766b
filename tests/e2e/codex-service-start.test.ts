import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { startedWith } from '../../middleware/platform/process/process-tree.ts';
import { codexProgram } from '../support/codex-program.ts';
import { rootDir } from '../support/compose-middleware.ts';
import { startApi } from '../support/start-api.ts';
import { makeTestFolder } from '../support/start-middleware.ts';
import { until } from '../support/until.ts';

jest.setTimeout(180_000);

let folder: string;

beforeEach(async () => {
  folder = await makeTestFolder('codex-service-start');
  await mkdir(join(folder, '.codex-api'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const settings = (text: string): Promise<void> => writeFile(join(folder, '.codex-api', 'config.toml'), text);
const real = { CODEX_BIN: codexProgram };

test('a provider that Codex does not have is told at the start, with those that it has [API-3]', async () => {
  await settings('[model_providers.own]\nname = "own"\nbase_url = "http://127.0.0.1:9/v1"\n');
  await expect(startApi({ folder, env: { ...real, CODEX_FORCE_PROVIDER: 'owm' } })).rejects.toThrow(
    /environment: CODEX_FORCE_PROVIDER: Codex has no provider "owm"; it has openai, ollama, lmstudio, amazon-bedrock, own, and more/,
  );
  const api = await startApi({ folder, env: { ...real, CODEX_FORCE_PROVIDER: 'ollama' } });
  expect(await api.stop()).toBe(0);
});

test.each([
  ['model_provider = "nope"\n', /Model provider `nope` not found/],
  ['model = = 3\n', /config\.toml:1:9/],
])('settings that Codex refuses are told at the start: %j [API-3]', async (text, said) => {
  await settings(text);
  const started = startApi({ folder, env: real });
  await expect(started).rejects.toThrow(/environment: CODEX_HOME: Codex answers nothing with the settings/);
  await expect(started).rejects.toThrow(said);
});

/** A `codex app-server` that says nothing, and leaves a file that it was started. */
async function silentServer(): Promise<{ readonly program: string; readonly startedFile: string }> {
  const program = join(folder, 'silent.sh');
  const startedFile = join(folder, 'started');
  await writeFile(program, `#!/bin/sh\n: > ${startedFile}\nexec cat > ${join(folder, 'said')}\n`);
  await chmod(program, 0o755);
  return { program, startedFile };
}

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s ends it while it starts, without a failure [API-3]',
  async (signal) => {
    const { program, startedFile } = await silentServer();
    const mark = `start-${process.pid}-${signal}`;
    const start = async (until_: () => boolean | Promise<boolean>): Promise<unknown> => {
      const child = spawn(process.execPath, [join(rootDir, 'scripts', 'codex-plus.mjs'), 'api'], {
        ...{ cwd: folder, stdio: 'ignore', detached: true },
        env: {
          ...{ PATH: process.env['PATH'], PORT: '0', CODEX_PLUS_STATE_DIR: join(folder, 'state') },
          ...{ CODEX_BIN: program, CODEX_PLUS_TEST: mark },
        },
      });
      const exited = once(child, 'exit');
      await until(until_, 60_000);
      // As a terminal does: all of the group get it.
      process.kill(signal === 'SIGINT' ? -Number(child.pid) : Number(child.pid), signal);
      const [code] = (await exited) as [number | null];
      return code;
    };
    // Once while the command line is read, and once while the service tries Codex.
    const running = async (): Promise<number> => (await startedWith('CODEX_PLUS_TEST', mark)).length;
    expect(await start(async () => (await running()) > 1)).toBe(0);
    expect(await start(() => existsSync(startedFile))).toBe(0);
    await until(async () => (await running()) === 0);
  },
);
