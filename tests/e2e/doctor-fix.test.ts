import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { rootDir } from '../support/compose-middleware.ts';
import { configFor, createDoctorPlace, type DoctorPlace } from '../support/doctor-place.ts';
import { isRunning } from '../support/is-running.ts';
import { pathWithCodex, runCli } from '../support/run-cli.ts';
import { until } from '../support/until.ts';

jest.setTimeout(180_000);

let place: DoctorPlace;

beforeEach(async () => {
  place = await createDoctorPlace();
});

afterEach(async () => {
  await place.remove();
});

/** Starts what Codex's TUI starts in the background. */
async function startDaemon(key: string): Promise<void> {
  const child = spawn('codex', ['app-server', 'daemon', 'start'], {
    cwd: place.project,
    env: { ...place.env, MY_KEY: key, PATH: pathWithCodex },
    stdio: 'ignore',
  });
  const [exitCode] = (await once(child, 'exit')) as [number | null];
  if (exitCode !== 0) throw new Error(`codex app-server daemon start ended with ${exitCode ?? 'a signal'}`);
}

/** Ends it and its updater, which a stop leaves. */
async function endDaemon(): Promise<void> {
  for (const name of ['daemon.pid', 'daemon-updater.pid']) {
    const file = join(place.codexHome, 'app-server-daemon', name);
    if (!existsSync(file)) continue;
    const { pid } = JSON.parse(readFileSync(file, 'utf8')) as { readonly pid: number };
    if (!isRunning(pid)) continue;
    process.kill(pid, 'SIGTERM');
    await until(() => !isRunning(pid));
  }
}

interface Screen {
  readonly exitCode: number | null;
  readonly screen: string;
}

/** Runs `doctor --fix` in a terminal, and types the answer to what it asks. */
async function inTerminal(answer: string, env: Readonly<Record<string, string>>): Promise<Screen> {
  const open = 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))';
  const doctor = [process.execPath, join(rootDir, 'scripts', 'codex-plus.mjs'), 'doctor', '--fix'];
  // A terminal of Python's has no width, and every character would get a line.
  const wide = ['sh', '-c', 'stty cols 200 rows 50; exec "$@"', 'sh', ...doctor];
  const child = spawn('python3', ['-c', open, ...wide], {
    cwd: place.project,
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: pathWithCodex, TERM: 'xterm', ...env },
  });
  let screen = '';
  let isAnswered = false;
  child.stdout.on('data', (bytes: Buffer) => {
    screen += bytes.toString();
    if (isAnswered || !screen.includes('May I')) return;
    isAnswered = true;
    child.stdin.write(answer);
  });
  const [exitCode] = (await once(child, 'exit')) as [number | null];
  return { exitCode, screen };
}

describe('codex-plus doctor --fix', () => {
  test('stops the background process of Codex that has an old key [CFG-4]', async () => {
    await writeFile(
      join(place.codexHome, 'config.toml'),
      configFor('http://127.0.0.1:1', 'env_key = "MY_KEY"\n'),
    );
    const isLinux = process.platform === 'linux';
    await startDaemon('old-secret');
    try {
      const before = await place.examine({ MY_KEY: 'new-secret' });
      expect(before.report().findings.find(({ id }) => id === 'daemon')).toMatchObject({
        level: isLinux ? 'problem' : 'warning',
        what: expect.stringContaining('MY_KEY'),
        where: expect.stringMatching(/^pid \d+$/),
        fix: 'stop it (running turns end, and the next codex starts another)',
      });
      expect(before.stdout).not.toMatch(/old-secret|new-secret/);
      const unchanged = (await place.examine({ MY_KEY: 'old-secret' })).report().findings;
      expect(unchanged.find(({ id }) => id === 'daemon')?.level).toBe(isLinux ? 'ok' : 'warning');
      // Without a free port the middleware is not started as well.
      await place.occupy(place.url);
      const after = await place.examine({ MY_KEY: 'new-secret' }, ['--fix', '--yes']);
      expect(after.report().findings.filter(({ id }) => id === 'daemon')).toEqual([]);
      expect(after.stderr).toContain('done: stop it (');
    } finally {
      await endDaemon();
    }
  });

  test('asks first, and does nothing on a no [CFG-4]', async () => {
    const env = { ...place.env, CODEX_PLUS_LITELLM_MODE: 'off', OPENAI_API_KEY: 'sk-made-up' };
    const no = await inTerminal('n', env);
    expect(no.screen).toContain('May I start it in the background?');
    expect((await runCli(['status'], { env })).exitCode).toBe(3);
    expect(no.exitCode).toBe(1);
    try {
      const yes = await inTerminal('y', env);
      expect(yes.screen).toContain('done: start it in the background');
      expect((await runCli(['status'], { env })).exitCode).toBe(0);
      expect(yes.exitCode).toBe(0);
    } finally {
      await runCli(['stop'], { env });
    }
  });

  test('without anybody to ask it is a wrong call [CFG-4]', async () => {
    const { exitCode, stdout, stderr } = await place.examine({}, ['--fix']);
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: 'nobody can be asked here: say --fix --yes\n',
    });
  });
});
