import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { seccompFilter } from '../../../middleware/platform/process/sandbox/seccomp-filter.ts';

test.each(['x64', 'arm64'])(
  'the filter for %s is the one in its file: scripts/seccomp.mjs writes it [SEC-2]',
  (arch) => {
    const file = new URL(`../../../middleware/platform/process/seccomp/${arch}.bpf`, import.meta.url);
    expect(readFileSync(file)).toEqual(seccompFilter(arch));
  },
);

test('there is none for a processor whose system calls are not known [SEC-2]', () => {
  expect(seccompFilter('riscv64')).toBeUndefined();
});
