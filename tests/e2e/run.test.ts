import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startFakeUpstream, type FakeUpstream } from '../support/fake-upstream/fake-upstream.ts';
import { says } from '../support/fake-upstream/step.ts';
import { headerOf } from '../support/raw-client.ts';
import { runCli, type CliRun } from '../support/run-cli.ts';
import { sparePort } from '../support/spare-port.ts';
import { twoTurnTask } from '../support/two-turn-task.ts';
import { makeTestFolder } from '../support/start-middleware.ts';

const minute = 60_000;

let upstream: FakeUpstream;
let folder: string;
let env: Record<string, string>;

beforeAll(async () => {
  upstream = await startFakeUpstream();
});

afterAll(async () => {
  await upstream.close();
});

beforeEach(async () => {
  upstream.forget();
  upstream.use(() => says('hello from the provider'));
  folder = await makeTestFolder('run');
  await mkdir(join(folder, 'codex'));
  env = {
    HOME: folder,
    CODEX_HOME: join(folder, 'codex'),
    NO_PROXY: '127.0.0.1',
    CODEX_PLUS_PORT: String(await sparePort()),
    CODEX_PLUS_STATE_DIR: join(folder, 'state'),
    CODEX_PLUS_LITELLM_MODE: 'off',
    OPENAI_API_KEY: 'sk-of-the-middleware',
    OPENAI_API_BASE: `${upstream.url}/v1`,
  };
  // What its user has anyway: a provider of their own.
  await writeFile(
    join(folder, 'codex', 'config.toml'),
    `model_provider = "own"\nmodel = "gpt-5"\n[model_providers.own]\nname = "own"\nbase_url = "${upstream.url}/v1"\n`,
  );
});

afterEach(async () => {
  await runCli(['stop'], { env });
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}, minute);

function runCodex(): Promise<CliRun> {
  return runCli(['run', '--', 'codex', 'exec', '--skip-git-repo-check', 'hi'], { env, cwd: folder });
}

/** The keys that the provider was called with. */
function keysSeen(): (string | undefined)[] {
  return upstream.requests.map(({ rawHeaders }) => headerOf(rawHeaders, 'authorization'));
}

describe('codex-plus run with the real Codex CLI', () => {
  test(
    'goes through the middleware while it runs, though its own configuration says otherwise [OPS-4]',
    async () => {
      expect((await runCli(['start', '--detach'], { env })).exitCode).toBe(0);
      const run = await runCodex();
      expect(run.stdout).toContain('hello from the provider');
      expect(run.exitCode).toBe(0);
      expect(new Set(keysSeen())).toEqual(new Set(['Bearer sk-of-the-middleware']));
    },
    minute,
  );

  test(
    'falls back to its own configuration when the middleware is down, and tells so [OPS-4]',
    async () => {
      const run = await runCodex();
      expect(run.stderr).toContain(
        `codex-plus does not answer at http://127.0.0.1:${env['CODEX_PLUS_PORT'] ?? ''}: running codex without it\n`,
      );
      expect(run.stdout).toContain('hello from the provider');
      expect(run.exitCode).toBe(0);
      expect(new Set(keysSeen())).toEqual(new Set([undefined]));
    },
    minute,
  );

  test(
    'falls back to it after init as well, with nothing of ours in between [OPS-4]',
    async () => {
      const file = join(folder, 'codex', 'config.toml');
      const own = (await readFile(file, 'utf8')).replace('"gpt-5"', '"my-own-model"');
      await writeFile(file, own);
      expect((await runCli(['init', '--yes'], { env, cwd: folder })).exitCode).toBe(0);
      const written = await readFile(file, 'utf8');
      expect(written).toContain('model_provider = "codex-plus"');
      upstream.use(twoTurnTask);
      const run = await runCodex();
      expect([run.exitCode, run.stdout]).toEqual([0, 'The tool printed TOOL_OK.\n']);
      expect(upstream.requests.at(-1)?.json?.['model']).toBe('my-own-model');
      expect(run.stderr).not.toMatch(/^hook/m);
      expect(await readFile(file, 'utf8')).toBe(written);
    },
    minute,
  );
});
