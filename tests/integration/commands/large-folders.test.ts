import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { discoverCommands } from '../../../middleware/features/commands/find/discover-commands.ts';

test('a folder with more entries than are read still offers as many commands as there may be, and tells it [CMD-1]', async () => {
  const baseDir = mkdtempSync(join(tmpdir(), 'codex-plus-large-'));
  try {
    const folder = join(baseDir, '.claude', 'commands');
    mkdirSync(folder, { recursive: true });
    for (let index = 0; index <= 20_000; index++) writeFileSync(join(folder, `c${index}.md`), '');
    const source = { scope: 'project', family: 'claude', baseDir, file: folder } as const;
    const { files, faults } = await discoverCommands({ folder, kind: 'commands', source });
    expect(files).toHaveLength(5_000);
    expect(faults.map(({ file }) => file)).toEqual([folder]);
  } finally {
    rmSync(baseDir, { recursive: true, force: true });
  }
}, 30_000);
