// Brings the checkout into a state in which everything else runs. Plain JavaScript for any Node from 18 on: this file is
// what an older machine meets first.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const marker = join(root, 'node_modules', '.installed-for');
const oldestNode = [22, 19];

/** Installs the dependencies of package-lock.json when they are missing or were installed for another lock file. */
export async function ensureInstalled() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return;
  console.error('Installing the dependencies of package-lock.json (a minute or two the first time) …');
  const code = await run(...npmCommand(['ci', '--no-audit', '--no-fund', '--loglevel=error']));
  if (code !== 0) throw new Error('npm ci failed; what it printed above says why');
  mkdirSync(dirname(marker), { recursive: true });
  writeFileSync(marker, wanted);
}

/** The Node that runs the project: the pinned one of the `node` package where it was installed, else this one. */
export function nodeBinary() {
  const pinned = join(
    root,
    'node_modules',
    'node',
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  if (existsSync(pinned)) return pinned;
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return process.execPath;
  throw new Error(`Node ${oldestNode.join('.')} or newer is needed; this is ${process.versions.node}`);
}

const parentPollMs = 500;

/**
 * Runs a command in the project's folder with our output; resolves with its exit code. Signals to us go to it as well. With a
 * `channel`, which only a Node of ours may get, it sees that we are gone.
 */
export function run(command, args, env = process.env, { channel = false } = {}) {
  return new Promise((resolve, reject) => {
    const stdio = ['inherit', 'inherit', 'inherit', ...(channel ? ['ipc'] : [])];
    const child = spawn(command, args, { cwd: root, stdio, env });
    const forward = (signal) => child.kill(signal);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, forward);
    const watch = whenNpmEnds(() => forward('SIGTERM'));
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      clearInterval(watch);
      for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(name, forward);
      resolve(code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : 1));
    });
  });
}

/** npm passes a signal on to the shell between us alone, which ends of it without a word: then we have another parent. */
function whenNpmEnds(end) {
  if (process.env.npm_lifecycle_event === undefined) return undefined;
  const parent = process.ppid;
  return setInterval(() => {
    if (process.ppid !== parent) end();
  }, parentPollMs).unref();
}

/** Ends with a plain sentence instead of a stack. */
export function fail(error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

/** The program and the arguments that call npm. */
export function npmCommand(args) {
  // npm tells its scripts where it is; a bare `npm` may be another one, or a .cmd file that spawn does not find.
  const npm = process.env.npm_execpath;
  return npm?.endsWith('.js') ? [process.execPath, [npm, ...args]] : ['npm', args];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes('--again')) rmSync(marker, { force: true });
  await ensureInstalled().catch(fail);
}
