#!/usr/bin/env node
// `codex-plus …`: sets up what is missing, then runs the command line with the project's Node, in the caller's folder.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureInstalled, fail, nodeBinary, root } from './setup.mjs';

try {
  await ensureInstalled();
  const child = spawn(nodeBinary(), [join(root, 'middleware', 'cli', 'main.ts'), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  // The terminal sends its signals to the whole group; others reach the child through us.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.once('error', fail);
  child.once('exit', (code) => {
    process.exitCode = code ?? 1;
  });
} catch (error) {
  fail(error);
}
