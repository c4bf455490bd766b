// Commands and hooks of projects run in a sandbox or not at all. On Linux that is bubblewrap, a package of the system.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const limitMs = 120_000;
const aptOptions = [
  ...['-y', '-qq', '--no-install-recommends'],
  ...['-o', 'Acquire::Retries=0', '-o', 'Acquire::http::Timeout=10'],
];

/** Installs bubblewrap where it is missing and this user can (root, apt-get); otherwise says in one line what to do. */
export function ensureSandbox(env = process.env) {
  if (process.platform !== 'linux' || env.CODEX_PLUS_SANDBOX_MODE === 'off') return;
  if (findOnPath('bwrap', env) !== undefined) return;
  const aptGet = findOnPath('apt-get', env);
  if (process.getuid?.() === 0 && aptGet !== undefined) {
    console.log('Installing bubblewrap, the sandbox of commands and hooks …');
    const run = (...args) => runQuietly(aptGet, [...aptOptions, ...args], env);
    // The package lists may be missing or old.
    if (run('install', 'bubblewrap') || (run('update') && run('install', 'bubblewrap'))) return;
  }
  console.log(
    'There is no sandbox: commands and hooks of projects are refused until the package bubblewrap is installed (docs/sandbox.md).',
  );
}

function findOnPath(program, env) {
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, program)).find((file) => existsSync(file));
}

function runQuietly(file, args, env) {
  const { status } = spawnSync(file, args, {
    env: { ...env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: 'ignore',
    timeout: limitMs,
  });
  return status === 0;
}
