// Writes the programs of middleware/platform/process/sandbox/seccomp-filter.ts to the files that bubblewrap is given.
import { mkdirSync, writeFileSync } from 'node:fs';
import { seccompFilter } from '../middleware/platform/process/sandbox/seccomp-filter.ts';

const folder = new URL('../middleware/platform/process/seccomp/', import.meta.url);
mkdirSync(folder, { recursive: true });
for (const arch of ['x64', 'arm64']) writeFileSync(new URL(`${arch}.bpf`, folder), seccompFilter(arch));
