import { openSync, closeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { startedWith } from '../../middleware/platform/process/process-tree.ts';

// `find-started.ts VALUE`, with few descriptors: how many processes each of many who ask at once finds, and one who asks while
// no descriptor is free.

const find = async (): Promise<number> => {
  const found = await startedWith('CODEX_PLUS_TEST', process.argv[2] ?? '');
  return found.length;
};

const many = await Promise.all(Array.from({ length: 50 }, find));

// What is loaded when it is first used needs a descriptor.
const held: number[] = [];
try {
  for (;;) held.push(openSync('/dev/null', 'r'));
} catch {
  // None is left.
}
const asked = find();
const own = await Promise.all(
  Array.from({ length: 20 }, () => readFile('/proc/self/stat').catch(() => 'full')),
);
for (const descriptor of held) closeSync(descriptor);
process.stdout.write(
  JSON.stringify({ many, wasFull: own.every((read) => read === 'full'), full: await asked }),
);
