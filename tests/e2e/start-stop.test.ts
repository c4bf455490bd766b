import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { rootDir } from '../support/compose-middleware.ts';
import { startFakeUpstream } from '../support/fake-upstream/fake-upstream.ts';
import { streams } from '../support/fake-upstream/step.ts';
import { pathWithCodex } from '../support/run-cli.ts';
import { until } from '../support/until.ts';
import { createScriptPlace, type ScriptPlace } from '../integration/cli/script-place.ts';

// Every call starts two Nodes, and a test makes up to seven calls: under load nearly a minute.
jest.setTimeout(180_000);

let place: ScriptPlace;

beforeEach(async () => {
  place = await createScriptPlace();
});

afterEach(async () => {
  await place.remove();
});

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/healthz`)).ok;
  } catch {
    return false;
  }
}

function pidOf(stdout: string): number {
  return Number(/\(pid (\d+)\)/.exec(stdout)?.[1]);
}

describe('codex-plus where nothing runs', () => {
  test('status says so plainly, with exit code 3 [OPS-4]', async () => {
    expect(await place.run(['status'])).toEqual({
      exitCode: 3,
      stdout: '',
      stderr: `nothing answers at ${place.url}; start it with: codex-plus start\n`,
    });
    const { exitCode, stdout } = await place.run(['status', '--json']);
    expect([exitCode, JSON.parse(stdout)]).toEqual([3, { url: place.url, running: false }]);
  });

  test('stop says so as well [OPS-4]', async () => {
    expect(await place.run(['stop'])).toEqual({
      exitCode: 3,
      stdout: '',
      stderr: `nothing answers at ${place.url}\n`,
    });
  });

  test('a program of somebody else on the port is not taken for ours, and start says where to look [OPS-4]', async () => {
    const other = createServer((_request, response) => response.end('hello'));
    other.listen(place.port, '127.0.0.1');
    await once(other, 'listening');
    try {
      expect((await place.run(['status'])).exitCode).toBe(3);
      const { exitCode, stderr } = await place.run(['start', '--detach']);
      const log = join(place.folder, 'state', 'codex-plus.log');
      expect([exitCode, stderr]).toEqual([1, `the middleware did not start; ${log} says why\n`]);
      expect(readFileSync(log, 'utf8')).toContain(`127.0.0.1:${place.port} is in use by another program`);
    } finally {
      other.close();
    }
  });

  test('a fault of the configuration is named, with exit code 1 [CFG-2]', async () => {
    expect(await place.run(['status'], { CODEX_PLUS_PORT: 'many' })).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'environment: CODEX_PLUS_PORT: "many" is not a whole number\n',
    });
  });
});

describe('codex-plus start --detach', () => {
  test('returns when it listens; status and stop find it; after that nothing runs [OPS-4]', async () => {
    const started = await place.run(['start', '--detach']);
    const pid = pidOf(started.stdout);
    expect(started).toEqual({
      exitCode: 0,
      stdout: `starting …\nrunning at ${place.url} (pid ${pid}); LiteLLM is stopped; log: ${join(place.folder, 'state', 'codex-plus.log')}\n`,
      stderr: '',
    });

    const status = await place.run(['status', '--json']);
    expect(JSON.parse(status.stdout)).toMatchObject({ url: place.url, running: true, status: 'ok', pid });
    expect([status.exitCode, status.stderr]).toEqual([0, '']);
    const text = (await place.run(['status'])).stdout;
    expect(text).toMatch(
      new RegExp(`^codex-plus  ok, but without LiteLLM, version \\S+, pid ${pid}, up \\d+ s$`, 'm'),
    );
    expect(text).toContain('openai, anthropic (no key)');

    const again = await place.run(['start', '--detach']);
    expect([again.exitCode, again.stdout]).toEqual([0, `it runs already at ${place.url} (pid ${pid})\n`]);

    expect(await place.run(['stop'])).toEqual({
      exitCode: 0,
      stdout: 'stopping; running streams may finish …\nstopped\n',
      stderr: '',
    });
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect((await place.run(['status'])).exitCode).toBe(3);
  });

  test('status ends with 1 and the reason when no model call can be answered [OPS-4]', async () => {
    await place.run(['start', '--detach'], { OPENAI_API_KEY: '' });
    const { exitCode, stdout, stderr } = await place.run(['status']);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^codex-plus {2}degraded,/);
    expect(stderr).toMatch(/switched off/);
  });

  test('one with another state folder is seen by its address, and not stopped [OPS-4]', async () => {
    const started = await place.run(['start', '--detach']);
    const elsewhere = { CODEX_PLUS_STATE_DIR: join(place.folder, 'other') };
    expect((await place.run(['status'], elsewhere)).exitCode).toBe(0);
    const stop = await place.run(['stop'], elsewhere);
    expect([stop.exitCode, stop.stderr]).toEqual([
      3,
      `the middleware at ${place.url} has another state folder; stop it where it was started\n`,
    ]);
    expect(process.kill(pidOf(started.stdout), 0)).toBe(true);
    // As npm start does, which has nobody asked before whether one runs.
    const main = spawn(process.execPath, [join(rootDir, 'middleware', 'main.ts')], {
      env: { ...process.env, ...place.env, ...elsewhere },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const told = await readText(main.stderr);
    expect(told).toContain(
      `127.0.0.1:${place.port} is in use by another Codex-Plus: codex-plus stop ends it`,
    );
    const unused = await createScriptPlace();
    expect((await unused.run(['status', '--url', place.url])).exitCode).toBe(0);
    await unused.remove();
  });

  test('stop waits for a stream that runs, and the stream comes to its proper end [OPS-2]', async () => {
    const pieces = Array.from(
      { length: 20 },
      (_, i) => `data: {"choices":[{"delta":{"content":"${i}"}}]}\n\n`,
    );
    const upstream = await startFakeUpstream([streams([...pieces, 'data: [DONE]\n\n'], { pauseMs: 100 })]);
    try {
      await place.run(['start', '--detach'], { OPENAI_API_BASE: `${upstream.url}/v1` });
      const answer = await fetch(`${place.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"model":"gpt-5","stream":true,"messages":[{"role":"user","content":"hi"}]}',
      });
      const [stop, text] = await Promise.all([place.run(['stop']), answer.text()]);
      expect(stop.exitCode).toBe(0);
      expect(text).toBe([...pieces, 'data: [DONE]\n\n'].join(''));
    } finally {
      await upstream.close();
    }
  });
});

describe('codex-plus start', () => {
  test('runs in the foreground until a signal, and then ends with 0 [OPS-4]', async () => {
    const child = spawn(process.execPath, [join(rootDir, 'scripts', 'codex-plus.mjs'), 'start'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { PATH: pathWithCodex, ...place.env },
    });
    child.stdout.resume();
    const exited = once(child, 'exit');
    await until(() => answers(place.url), 30_000);
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
    expect(await answers(place.url)).toBe(false);
  });
});

test.each([
  ['codex-plus.mjs', ['start']],
  ['start.mjs', []],
])('what %s started ends when that is killed [OPS-2]', async (script, args) => {
  const child = spawn(process.execPath, [join(rootDir, 'scripts', script), ...args], {
    stdio: 'ignore',
    env: { PATH: pathWithCodex, ...place.env },
  });
  await until(() => answers(place.url), 60_000);
  child.kill('SIGKILL');
  await until(async () => !(await answers(place.url)), 30_000);
});

describe('npm start', () => {
  test('what it started ends with it [OPS-2]', async () => {
    const npm = spawn('npm', ['start'], {
      stdio: ['ignore', 'ignore', 'inherit'],
      cwd: rootDir,
      env: { PATH: pathWithCodex, ...place.env },
    });
    await until(() => answers(place.url), 60_000);
    npm.kill('SIGTERM');
    await until(async () => !(await answers(place.url)), 30_000);
  });
});

describe('codex-plus', () => {
  test('a wrong call ends with 2 and a suggestion [OPS-4]', async () => {
    const { exitCode, stdout, stderr } = await place.run(['statsu']);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toBe("error: unknown command 'statsu'\n(Did you mean status?)\n");
  });

  test('its help names the exit codes [OPS-4]', async () => {
    const { exitCode, stdout } = await place.run(['--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Exit codes: 0 done, 1 failed, 2 wrong call, 3 nothing runs.');
  });
});
