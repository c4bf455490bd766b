import { homedir } from 'node:os';
import { findRoot } from '../platform/release/find-root.ts';
import { readVersion } from '../platform/release/read-version.ts';
import { runCli } from './program.ts';

const rootDir = findRoot(import.meta.dirname);
const { env, stdout, stderr, stdin } = process;

// A reader that has seen enough (`| head`) must not end a command in the middle of its work.
for (const stream of [stdout, stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

process.exitCode = await runCli(
  process.argv.slice(2),
  {
    rootDir,
    cwd: process.cwd(),
    home: homedir(),
    env,
    stdout,
    stderr,
    isInteractive: stdout.isTTY && stdin.isTTY,
  },
  readVersion(rootDir).version,
);
