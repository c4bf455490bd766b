import { afterEach, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { rootDir } from '../../support/compose-middleware.ts';
import { makeTestFolder } from '../../support/start-middleware.ts';

let folder: string;
let child: ChildProcess | undefined;

afterEach(async () => {
  if (child?.exitCode === null) {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  rmSync(folder, { recursive: true, force: true });
});

/** Starts a program by a shell that leaves two files open, as a supervisor may; yields its lines. */
function startWithOpenFiles(program: string, ...args: readonly string[]): AsyncIterable<string> {
  const [secret, outside] = [join(folder, 'secret'), join(folder, 'outside')];
  writeFileSync(secret, 'a secret\n');
  const line = 'exec 200>>"$1" 201<"$2"; shift 2; exec "$@"';
  child = spawn('bash', ['-c', line, 'bash', outside, secret, process.execPath, program, ...args], {
    cwd: rootDir,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      CODEX_PLUS_PORT: '0',
      CODEX_PLUS_LOG_FORMAT: 'json',
      CODEX_PLUS_STATE_DIR: join(folder, 'state'),
      CODEX_PLUS_LITELLM_MODE: 'external',
      CODEX_PLUS_LITELLM_URL: 'http://127.0.0.1:1',
      LITELLM_MASTER_KEY: 'sk-test-master-0123456789abcdef',
    },
  });
  if (child.stdout === null) throw new Error('there is no output');
  return createInterface({ input: child.stdout });
}

test('what a starter left open is closed in the middleware, so that no child of it has it [SEC-2]', async () => {
  folder = await makeTestFolder('inherited');
  for await (const line of startWithOpenFiles('middleware/main.ts')) if (line.includes('listening')) break;
  const open = readdirSync(`/proc/${child?.pid}/fd`).map((fd) =>
    readlinkSync(`/proc/${child?.pid}/fd/${fd}`),
  );
  expect(open.length).toBeGreaterThan(3);
  expect(open.filter((path) => path.startsWith(folder))).toEqual([]);
});

test('and in the command line, which runs hooks as well [SEC-2]', async () => {
  folder = await makeTestFolder('inherited');
  const code = `
    import { execFileSync } from 'node:child_process';
    const [main] = process.argv.splice(2, 1);
    process.on('exit', () => process.stdout.write(execFileSync('ls', ['-l', '/proc/self/fd']).toString()));
    await import(main);
  `;
  const script = join(folder, 'watched.mjs');
  writeFileSync(script, code);
  const lines: string[] = [];
  for await (const line of startWithOpenFiles(script, join(rootDir, 'middleware/cli/main.ts'), '--version'))
    lines.push(line);
  expect(lines.length).toBeGreaterThan(3);
  expect(lines.filter((line) => line.includes(folder))).toEqual([]);
});
