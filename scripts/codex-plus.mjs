#!/usr/bin/env node
// `codex-plus …`: sets up what is missing, then runs the command line with the project's Node, in the caller's folder. In an installed
// package everything is there, compiled: Node runs no TypeScript below node_modules.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(root, 'middleware', 'cli', 'main.ts');

try {
  const [node, main] = existsSync(source)
    ? [await checkoutNode(), source]
    : [process.execPath, join(root, 'dist', 'middleware', 'cli', 'main.js')];
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
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

async function checkoutNode() {
  const { ensureInstalled, nodeBinary } = await import('./setup.mjs');
  await ensureInstalled();
  return nodeBinary();
}

function fail(error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
