// Commands and hooks of projects run in a sandbox or not at all. On Linux that is bubblewrap, a package of the system.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const limitMs = 120_000;

/** Installs bubblewrap where it is missing and this user can (root, apt-get); otherwise says in one line what to do. */
export function ensureSandbox(env = process.env) {
  if (process.platform !== 'linux' || env.CODEX_PLUS_SANDBOX_MODE === 'off' || isOnPath('bwrap', env)) return;
  if (process.getuid?.() === 0 && isOnPath('apt-get', env)) {
    console.log('Installing bubblewrap, the sandbox of commands and hooks …');
    if (aptGet(['install', 'bubblewrap'], env)) return;
    // The package lists may be missing or old.
    if (aptGet(['update'], env) && aptGet(['install', 'bubblewrap'], env)) return;
  }
  console.log(
    'There is no sandbox: commands and hooks of projects are refused until the package bubblewrap is installed (docs/sandbox.md).',
  );
}

function isOnPath(program, env) {
  return (env.PATH ?? '')
    .split(delimiter)
    .some((folder) => folder !== '' && existsSync(join(folder, program)));
}

function aptGet(args, env) {
  const options = [
    '-y',
    '-qq',
    '--no-install-recommends',
    '-o',
    'Acquire::Retries=0',
    '-o',
    'Acquire::http::Timeout=10',
  ];
  const { status } = spawnSync('apt-get', [...options, ...args], {
    env: { ...env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: 'ignore',
    timeout: limitMs,
  });
  return status === 0;
}
