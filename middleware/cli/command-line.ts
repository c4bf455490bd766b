import { homedir } from 'node:os';
import { closeInherited } from '../platform/process/close-inherited.ts';
import { findRoot } from '../platform/release/find-root.ts';
import { readVersion } from '../platform/release/read-version.ts';
import { exitCodes } from './cli-error.ts';
import type { CliContext } from './context.ts';
import { runCli } from './program.ts';

const rootDir = findRoot(import.meta.dirname);
const { env, stdout, stderr, stdin } = process;

closeInherited(env['NODE_CHANNEL_FD']);

// A reader that has seen enough (`| head`) must not end a command in the middle of its work.
for (const stream of [stdout, stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    if (stream === stdout) stderr.write(`the output cannot be written (${error.code ?? error.message})\n`);
    process.exit(exitCodes.failed);
  });
}

const place = placeOf();
if (typeof place === 'string') {
  stderr.write(`${place}\n`);
  process.exit(exitCodes.failed);
}

process.exitCode = await runCli(
  process.argv.slice(2),
  {
    rootDir,
    ...place,
    env,
    stdin,
    stdout,
    stderr,
    isInteractive: stdout.isTTY && stdin.isTTY,
  },
  readVersion(rootDir).version,
);

/** Where the command was called and whose home it is, or why that cannot be told. */
function placeOf(): Pick<CliContext, 'cwd' | 'home'> | string {
  try {
    return { cwd: process.cwd(), home: homedir() };
  } catch (error) {
    const isHome = (error as NodeJS.ErrnoException).syscall === 'uv_os_homedir';
    return isHome
      ? 'HOME is not set, and this user has no home folder'
      : 'the folder that this was called in is gone';
  }
}
