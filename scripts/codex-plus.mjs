#!/usr/bin/env node
// `codex-plus …`: sets up what is missing, then runs the command line with the project's Node, in the caller's folder. In an installed
// package everything is there, compiled: Node runs no TypeScript below node_modules.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(root, 'middleware', 'cli', 'main.ts');

/** What goes on until it is told to end: its end is no failure then, however far it had come. */
const services = ['api', 'start', 'forward-auth'];
const endings = ['SIGINT', 'SIGTERM'];

try {
  const [node, main] = existsSync(source)
    ? [await checkoutNode(), source]
    : [process.execPath, join(root, 'dist', 'middleware', 'cli', 'main.js')];
  // Over the channel it sees that we are gone.
  const child = spawn(node, [main, ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  // The terminal sends its signals to the whole group; others reach the child through us.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.once('error', fail);
  child.once('exit', (code, signal) => {
    if (signal === null) process.exitCode = code;
    else if (services.includes(process.argv[2]) && endings.includes(signal)) process.exitCode = 0;
    else endLike(signal);
  });
} catch (error) {
  fail(error);
}

async function checkoutNode() {
  const { ensureInstalled, nodeBinary } = await import('./setup.mjs');
  await ensureInstalled();
  return nodeBinary();
}

/** Whoever started us sees what ended the child, as if we had not been in between. */
function endLike(signal) {
  process.exitCode = 1;
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

function fail(error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
