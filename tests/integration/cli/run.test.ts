import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { rootDir } from '../../support/compose-middleware.ts';
import { pathWithCodex } from '../../support/run-cli.ts';
import { createScriptPlace, type ScriptPlace } from './script-place.ts';

// Every call starts two Nodes.
jest.setTimeout(60_000);

/** A client that tells what it was given. */
const tells = `console.log(JSON.stringify({ args: process.argv.slice(2), env: process.env }))`;
const variables = ['OPENAI_BASE_URL', 'OPENAI_API_KEY', 'ANTHROPIC_BASE_URL', 'ANTHROPIC_API_KEY'];

interface Told {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

let place: ScriptPlace;
/** Another one, in which nothing runs. */
let idle: ScriptPlace;
let client: string;

beforeAll(async () => {
  place = await createScriptPlace();
  idle = await createScriptPlace();
  client = join(place.folder, 'client.mjs');
  await writeFile(client, tells);
  await place.run(['start', '--detach']);
});

afterAll(async () => {
  await place.remove();
  await idle.remove();
});

function toldBy(stdout: string): Told {
  return JSON.parse(stdout) as Told;
}

function variablesOf({ env }: Told): Record<string, string | undefined> {
  return Object.fromEntries(variables.map((name) => [name, env[name]]));
}

describe('codex-plus run', () => {
  test('gives a program of an SDK our address, and its arguments as they are [PX-1]', async () => {
    const args = ['run', '--', process.execPath, client, '--json', '--url', 'x', ''];
    const run = await place.run(args, { OPENAI_API_KEY: 'sk-own' });
    const told = toldBy(run.stdout);
    expect([run.exitCode, run.stderr]).toEqual([0, '']);
    expect(told.args).toEqual(['--json', '--url', 'x', '']);
    expect(variablesOf(told)).toEqual({
      OPENAI_BASE_URL: `${place.url}/v1`,
      OPENAI_API_KEY: 'sk-own',
      ANTHROPIC_BASE_URL: place.url,
      ANTHROPIC_API_KEY: 'no-key-needed',
    });
  });

  test('gives our key where the caller has one for us and none for a provider [SEC-6]', async () => {
    const more = { OPENAI_API_KEY: '', CODEX_PLUS_KEY: 'our-key', ANTHROPIC_API_KEY: 'own' };
    const { stdout } = await place.run(['run', process.execPath, client], more);
    expect(variablesOf(toldBy(stdout))).toMatchObject({
      OPENAI_API_KEY: 'our-key',
      ANTHROPIC_API_KEY: 'own',
    });
  });

  test('runs the client without us when nothing answers, and tells so [OPS-4]', async () => {
    const run = await idle.run(['run', '--', process.execPath, client, 'a']);
    const told = toldBy(run.stdout);
    expect(run.stderr).toBe(
      `codex-plus does not answer at ${idle.url}: running ${process.execPath} without it\n`,
    );
    expect(told.args).toEqual(['a']);
    expect(variablesOf(told)).toEqual({ OPENAI_API_KEY: 'sk-made-up' });
    expect(run.exitCode).toBe(0);
  });

  test('uses the middleware at another address [OPS-4]', async () => {
    const { stdout } = await idle.run(['run', '--url', place.url, '--', process.execPath, client]);
    expect(toldBy(stdout).env['OPENAI_BASE_URL']).toBe(`${place.url}/v1`);
  });

  test('ends with the exit code of the client [OPS-4]', async () => {
    const args = ['run', '--', process.execPath, '-e', 'process.exit(7)'];
    expect(await place.run(args)).toEqual({ exitCode: 7, stdout: '', stderr: '' });
    expect((await idle.run(args)).exitCode).toBe(7);
  });

  test('a client that is not installed ends with 127, as in a shell [OPS-4]', async () => {
    expect(await place.run(['run', 'no-such-client'])).toEqual({
      exitCode: 127,
      stdout: '',
      stderr: 'no-such-client is not installed\n',
    });
  });

  test('gives Codex our provider for this one run, in arguments alone [OPS-4]', async () => {
    const bin = join(place.folder, 'bin');
    await mkdir(bin);
    const script = `#!${process.execPath}
const args = process.argv.slice(2);
if (args[0] === '--version') console.log('codex-cli 0.169.0');
else if (args[0] === 'login') console.log('Not logged in');
else ${tells};
`;
    await writeFile(join(bin, 'codex'), script, { mode: 0o755 });
    await writeFile(join(bin, 'package.json'), '{"type":"commonjs"}');
    const { stdout } = await place.run(['run', '--', 'codex', 'exec', 'hi'], { PATH: bin });
    const told = toldBy(stdout);
    const provider = [
      'name = "codex-plus"',
      `base_url = "${place.url}/v1"`,
      `model_catalog_url = "${place.url}/v1/models"`,
      'experimental_bearer_token = "no-key-needed"',
      'request_max_retries = 1',
    ];
    expect(told.args).toEqual([
      ...['-c', 'model_provider=codex-plus'],
      ...['-c', `model_providers.codex-plus={ ${provider.join(', ')} }`],
      ...['exec', 'hi'],
    ]);
    expect(told.env['OPENAI_BASE_URL']).toBeUndefined();
  });

  describe('Claude Code', () => {
    const own = ['ANTHROPIC_BASE_URL', 'ANTHROPIC_API_KEY', 'ANTHROPIC_CUSTOM_HEADERS', 'ENABLE_TOOL_SEARCH'];
    const runClaude = async (
      loggedIn: boolean,
      more: Readonly<Record<string, string>> = {},
    ): Promise<Record<string, string | undefined>> => {
      const bin = join(place.folder, 'claude-bin');
      await mkdir(bin, { recursive: true });
      const script = `#!${process.execPath}
if (process.argv[2] === 'auth') console.log(JSON.stringify({ loggedIn: ${loggedIn} }, null, 2));
else ${tells};
`;
      await writeFile(join(bin, 'claude'), script, { mode: 0o755 });
      await writeFile(join(bin, 'package.json'), '{"type":"commonjs"}');
      const { stdout } = await place.run(['run', '--', 'claude', '-p', 'hi'], { PATH: bin, ...more });
      const told = toldBy(stdout);
      expect(told.args).toEqual(['-p', 'hi']);
      return Object.fromEntries(own.map((name) => [name, told.env[name]]));
    };

    test('keeps its login: no key goes before it, and tools are searched for [PX-1]', async () => {
      expect(await runClaude(true)).toEqual({
        ANTHROPIC_BASE_URL: place.url,
        ANTHROPIC_API_KEY: undefined,
        ANTHROPIC_CUSTOM_HEADERS: undefined,
        ENABLE_TOOL_SEARCH: 'true',
      });
    });

    test('without a login gets a key, or it would not ask anybody [PX-1]', async () => {
      expect(await runClaude(false)).toMatchObject({ ANTHROPIC_API_KEY: 'no-key-needed' });
      expect(await runClaude(false, { CODEX_PLUS_KEY: 'our-key' })).toMatchObject({
        ANTHROPIC_API_KEY: 'our-key',
        ANTHROPIC_CUSTOM_HEADERS: undefined,
      });
    });

    test('with a login sends our key in a header beside those of its user [SEC-6]', async () => {
      const more = {
        CODEX_PLUS_KEY: 'our-key',
        ANTHROPIC_API_KEY: 'sk-ant-own',
        ANTHROPIC_CUSTOM_HEADERS: 'x-own: 1',
        ENABLE_TOOL_SEARCH: 'auto',
      };
      expect(await runClaude(true, more)).toEqual({
        ANTHROPIC_BASE_URL: place.url,
        ANTHROPIC_API_KEY: 'sk-ant-own',
        ANTHROPIC_CUSTOM_HEADERS: 'x-own: 1\nx-codex-plus-key: our-key',
        ENABLE_TOOL_SEARCH: 'auto',
      });
    });
  });

  test('passes a signal on, and ends as the client ends [OPS-4]', async () => {
    const waits = `process.on('SIGTERM', () => process.exit(5)); console.log('ready'); setInterval(() => 0, 1000);`;
    const child = spawn(
      process.execPath,
      [join(rootDir, 'scripts', 'codex-plus.mjs'), 'run', '--', process.execPath, '-e', waits],
      { env: { PATH: pathWithCodex, ...place.env }, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const exited = once(child, 'exit');
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    expect(await exited).toEqual([5, null]);
  });
});
