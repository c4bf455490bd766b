import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from '@jest/globals';
import { EndWatch } from '../../../middleware/platform/process/end-watch.ts';
import { onLinux } from '../../support/sandbox-fixture.ts';
import { until } from '../../support/until.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'end-watch-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Time for what else goes on: another process starts and ends. */
async function others(): Promise<void> {
  await once(spawn(process.execPath, ['-e', '']), 'exit');
}

onLinux('a shell that ends at once is not started over and over to watch [MCP-1]', async () => {
  const [shell, file] = [join(folder, 'sh'), join(folder, 'starts')];
  writeFileSync(shell, `#!/bin/sh\necho >> ${file}\n`, { mode: 0o755 });
  writeFileSync(file, '');
  const starts = (): number => readFileSync(file, 'utf8').length;
  const watch = new EndWatch(shell);
  const first = watch.watch();
  await until(() => starts() === 6);
  // Whoever comes next has it tried once more.
  await until(() => {
    if (starts() === 6) watch.watch().release();
    return starts() >= 7;
  });
  await others();
  expect(starts()).toBe(7);
  first.release();
});

onLinux('a shell that cannot be started to watch is nobody else’s failure [MCP-1]', async () => {
  const watch = new EndWatch(join(folder, 'none'));
  for (let times = 0; times < 3; times += 1) expect(watch.watch().env).toEqual(expect.anything());
  // What went wrong is told later, and reaches nobody.
  await others();
});
