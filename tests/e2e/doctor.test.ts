import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startFakeUpstream } from '../support/fake-upstream/fake-upstream.ts';
import { isRunning } from '../support/is-running.ts';
import { pathWithCodex, runCli, type CliRun } from '../support/run-cli.ts';
import { sparePort } from '../support/spare-port.ts';
import { makeTestFolder, startMiddleware } from '../support/start-middleware.ts';
import { until } from '../support/until.ts';

const threeMinutes = 180_000;

interface Report {
  readonly problems: number;
  readonly findings: readonly {
    readonly id: string;
    readonly level: 'ok' | 'warning' | 'problem';
    readonly what: string;
    readonly where?: string;
    readonly todo?: string;
    readonly fix?: string;
  }[];
}

let folder: string;
let project: string;
let codexHome: string;
let env: Record<string, string>;
const servers: Server[] = [];

beforeEach(async () => {
  folder = await makeTestFolder('doctor');
  project = join(folder, 'project');
  codexHome = join(folder, 'codex');
  await mkdir(join(project, '.git'), { recursive: true });
  await mkdir(codexHome);
  env = {
    HOME: folder,
    CODEX_HOME: codexHome,
    CODEX_PLUS_STATE_DIR: join(folder, 'state'),
    CODEX_PLUS_PORT: String(await sparePort()),
    CODEX_PLUS_LITELLM_URL: `http://127.0.0.1:${await sparePort()}`,
  };
});

afterEach(async () => {
  for (const server of servers.splice(0)) server.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function examine(
  more: Readonly<Record<string, string>> = {},
  args: readonly string[] = [],
): Promise<CliRun> {
  return runCli(['doctor', '--json', ...args], { env: { ...env, ...more }, cwd: project });
}

function reportOf({ stdout }: CliRun): Report {
  return JSON.parse(stdout) as Report;
}

/** The findings that are not well, as `level id`, each once. */
function faultsOf(run: CliRun): string[] {
  const faults = reportOf(run).findings.filter(({ level }) => level !== 'ok');
  return [...new Set(faults.map(({ level, id }) => `${level} ${id}`))].toSorted();
}

/** A program of somebody else on a port of ours. */
async function occupy(port: string | undefined): Promise<void> {
  const server = createServer((_request, response) => response.end('hello'));
  server.listen(Number(port), '127.0.0.1');
  await once(server, 'listening');
  servers.push(server);
}

/** Starts what Codex's TUI starts in the background. */
async function startDaemon(shell: Readonly<Record<string, string>>): Promise<void> {
  const child = spawn('codex', ['app-server', 'daemon', 'start'], {
    cwd: project,
    env: shell,
    stdio: 'ignore',
  });
  const [exitCode] = (await once(child, 'exit')) as [number | null];
  if (exitCode !== 0) throw new Error(`codex app-server daemon start ended with ${exitCode ?? 'a signal'}`);
}

/** Ends it and its updater, which a stop leaves. */
async function endDaemon(): Promise<void> {
  for (const name of ['daemon.pid', 'daemon-updater.pid']) {
    const file = join(codexHome, 'app-server-daemon', name);
    if (!existsSync(file)) continue;
    const { pid } = JSON.parse(readFileSync(file, 'utf8')) as { readonly pid: number };
    if (!isRunning(pid)) continue;
    process.kill(pid, 'SIGTERM');
    await until(() => !isRunning(pid));
  }
}

/** The configuration with which Codex calls a middleware. */
function pointedAt(url: string, more = ''): string {
  return `model_provider = "codex-plus"
model = "gpt-5"

[model_providers.codex-plus]
name = "codex-plus"
base_url = "${url}/v1"
${more}`;
}

describe('codex-plus doctor', () => {
  test('names everything that is wrong with a bad environment, and ends with 1 [CFG-4]', async () => {
    const temporary = await mkdtemp(join(tmpdir(), 'codex-plus-doctor-'));
    const litellmConfig = join(folder, 'litellm_config.yaml');
    try {
      await occupy(env['CODEX_PLUS_PORT']);
      await occupy(new URL(env['CODEX_PLUS_LITELLM_URL'] ?? '').port);
      await writeFile(
        litellmConfig,
        'model_list:\n  - model_name: gpt-5\n    litellm_params: { model: openai/gpt-5, api_key: os.environ/OPENAI_API_KEY }\n',
      );
      await writeFile(
        join(temporary, 'config.toml'),
        [
          'model_provider = "codex_plus"',
          '[model_providers.codex-plus]',
          'name = "codex-plus"',
          'wire_api = "chat"',
          `base_url = "http://127.0.0.1:${env['CODEX_PLUS_PORT'] ?? ''}/v1"`,
          '[model_providers.openai]',
          'name = "mine"',
          '[profiles.old]',
          'model = "gpt-5"',
        ].join('\n'),
      );
      await mkdir(join(project, '.codex'));
      await writeFile(join(project, '.codex', 'config.toml'), 'model_provider = "codex-plus"\n');
      const run = await examine({
        CODEX_HOME: temporary,
        CODEX_PLUS_LITELLM_CONFIG: litellmConfig,
        OPENAI_BASE_URL: `http://127.0.0.1:${env['CODEX_PLUS_PORT'] ?? ''}/v1`,
        HTTP_PROXY: 'http://me:proxy-password@127.0.0.1:9',
      });
      expect(faultsOf(run)).toEqual([
        'problem codex-home',
        'problem litellm-port',
        'problem openai-base-url',
        'problem port',
        'problem provider',
        'problem provider-keys',
        'problem proxy',
        'problem reserved-provider',
        'problem wire-api',
        'warning legacy-profile',
        'warning litellm-config',
        'warning project-config',
      ]);
      expect(run.exitCode).toBe(1);
      const { problems, findings } = reportOf(run);
      expect(problems).toBe(findings.filter(({ level }) => level === 'problem').length);
      expect(findings.filter(({ level, todo }) => level !== 'ok' && todo === undefined)).toEqual([]);
      expect(findings.find(({ id }) => id === 'wire-api')?.where).toBe(
        `${join(temporary, 'config.toml')}, line 4`,
      );
      expect(run.stdout).not.toContain('proxy-password');
    } finally {
      await rm(temporary, { recursive: true, force: true, maxRetries: 5 });
    }
  });

  test('names a fault of our configuration with its variable [CFG-4]', async () => {
    const run = await examine({ CODEX_PLUS_PORT: 'many' });
    expect(reportOf(run).findings).toContainEqual({
      id: 'config',
      level: 'problem',
      what: 'CODEX_PLUS_PORT: "many" is not a whole number',
      where: 'environment',
      todo: expect.any(String),
    });
    expect(run.exitCode).toBe(1);
  });

  test('asks the real Codex for its version, its login and the hooks that it does not trust [CFG-4] [PX-7]', async () => {
    const url = `http://127.0.0.1:${env['CODEX_PLUS_PORT'] ?? ''}`;
    const hooks = `
[[hooks.PreToolUse]]
[[hooks.PreToolUse.hooks]]
type = "mcp_tool"
server = "codexplus"
tool = "hook"
[[hooks.Stop]]
[[hooks.Stop.hooks]]
type = "command"
command = "touch ${join(folder, 'was-run')}"
`;
    const config = join(codexHome, 'config.toml');
    await writeFile(config, pointedAt(url, `requires_openai_auth = true\n${hooks}`));
    const { findings } = reportOf(await examine());
    const found = (id: string): unknown => findings.find((finding) => finding.id === id);
    expect(found('codex-version')).toEqual({
      id: 'codex-version',
      level: 'ok',
      what: expect.stringMatching(/^Codex \d+\.\d+\.\d+, tested with this release$/),
    });
    expect(found('codex-login')).toMatchObject({ level: 'problem', where: `${config}, line 7` });
    expect(found('provider')).toEqual({ id: 'provider', level: 'ok', what: `Codex calls ${url}/v1` });
    expect(found('our-hooks')).toMatchObject({
      level: 'problem',
      what: expect.stringContaining('preToolUse'),
      where: config,
    });
    expect(found('hooks')).toMatchObject({ level: 'warning', what: expect.stringContaining('1 hook') });
    expect(() => readFileSync(join(folder, 'was-run'))).toThrow('ENOENT');
  });

  test('tells what Codex refuses in its configuration in the words of Codex [CFG-4]', async () => {
    await writeFile(
      join(codexHome, 'config.toml'),
      'model_provider = "x"\n[model_providers.x]\nbase_url = "http://x"\n',
    );
    expect(reportOf(await examine()).findings).toContainEqual(
      expect.objectContaining({
        id: 'codex-config',
        level: 'problem',
        what: expect.stringContaining('provider name must not be empty'),
      }),
    );
  });

  test('a Codex of another version is told apart [PX-7]', async () => {
    const bin = join(folder, 'bin');
    await mkdir(bin);
    await writeFile(join(bin, 'codex'), '#!/bin/sh\necho codex-cli 0.28.0\n', { mode: 0o755 });
    const { findings } = reportOf(await examine({ PATH: `${bin}:${pathWithCodex}` }));
    expect(findings.find(({ id }) => id === 'codex-version')).toMatchObject({
      level: 'problem',
      what: 'Codex 0.28.0 is older than 0.29, the oldest that is supported; upgrade it',
    });
  });

  test(
    'finds the background process of Codex with an old key, and stops it when told to [CFG-4]',
    async () => {
      const config = pointedAt('http://127.0.0.1:1', 'env_key = "MY_KEY"\n');
      await writeFile(join(codexHome, 'config.toml'), config);
      const shell = { ...env, MY_KEY: 'old-secret', PATH: pathWithCodex };
      await startDaemon(shell);
      try {
        const before = await examine({ MY_KEY: 'new-secret' });
        const onLinux = process.platform === 'linux';
        expect(reportOf(before).findings.find(({ id }) => id === 'daemon')).toMatchObject({
          level: onLinux ? 'problem' : 'warning',
          what: expect.stringContaining('MY_KEY'),
          where: expect.stringMatching(/^pid \d+$/),
          fix: expect.any(String),
        });
        expect(before.stdout).not.toMatch(/old-secret|new-secret/);
        const unchanged = reportOf(await examine({ MY_KEY: 'old-secret' })).findings;
        if (onLinux) expect(unchanged.find(({ id }) => id === 'daemon')).toMatchObject({ level: 'ok' });
        // Something else would be started as well, were it not for the port that is taken.
        await occupy(env['CODEX_PLUS_PORT']);
        const after = await examine({ MY_KEY: 'new-secret' }, ['--fix', '--yes']);
        expect(reportOf(after).findings.filter(({ id }) => id === 'daemon')).toEqual([]);
        expect(after.stderr).toContain('done: stop it (');
      } finally {
        await endDaemon();
      }
    },
    threeMinutes,
  );

  test('--fix without anybody to ask is a wrong call [CFG-4]', async () => {
    const { exitCode, stdout, stderr } = await examine({}, ['--fix']);
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: 'nobody can be asked here: say --fix --yes\n',
    });
  });

  test(
    'ends with 0 beside a middleware that runs, and names the models without a price [CFG-4]',
    async () => {
      const upstream = await startFakeUpstream();
      const litellmPort = await sparePort();
      const middleware = await startMiddleware({
        upstreamUrl: upstream.url,
        litellmPort,
        litellmConfig: `model_list:
  - model_name: gpt-5
    litellm_params: { model: openai/gpt-5, api_key: os.environ/OPENAI_API_KEY }
  - model_name: house-model
    litellm_params: { model: openai/house-model, api_key: os.environ/OPENAI_API_KEY }
`,
      });
      try {
        await middleware.untilLitellmIs('ready');
        await writeFile(join(codexHome, 'config.toml'), pointedAt(middleware.url));
        const stateDir = dirname(middleware.litellmConfigFile);
        const run = await examine({
          CODEX_PLUS_STATE_DIR: stateDir,
          CODEX_PLUS_LITELLM_CONFIG: middleware.litellmConfigFile,
          CODEX_PLUS_LITELLM_URL: `http://127.0.0.1:${litellmPort}`,
        });
        expect(faultsOf(run)).toEqual(['warning prices']);
        expect(reportOf(run).findings.find(({ id }) => id === 'prices')?.what).toContain(
          'no price for house-model:',
        );
        expect(run.exitCode).toBe(0);
        expect(run.stdout).not.toContain(readFileSync(join(stateDir, 'litellm_master_key'), 'utf8').trim());
      } finally {
        await middleware.stop();
        await upstream.close();
      }
    },
    threeMinutes,
  );
});
