import { linkSync, mkdirSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  nodeFileAccess,
  type FileAccess,
} from '../../../middleware/platform/config/scopes/files/file-access.ts';
import type { ProjectSnapshot } from '../../../middleware/platform/config/scopes/project-snapshot.ts';
import { countingAccess } from './counting-access.ts';
import { createProjectFolders, type ProjectFolders } from './project-folders.ts';

let folders: ProjectFolders;
let settingsFile: string;

beforeEach(() => {
  folders = createProjectFolders();
  settingsFile = join(folders.project, '.claude/settings.json');
});

afterEach(() => {
  folders.remove();
});

function model({ settings }: ProjectSnapshot): string | undefined {
  return settings.model?.value;
}

describe('a snapshot', () => {
  test('stays the same object until something changes, and then has another version [CFG-1]', async () => {
    folders.write({ 'project/.claude/settings.json': { model: 'a' } });
    const cache = folders.cache();
    const first = await cache.of(folders.project);
    expect(await cache.of(folders.project)).toBe(first);
    utimesSync(settingsFile, 1, 1);
    expect(await cache.of(folders.project)).toBe(first);
    folders.write({ 'project/.claude/settings.json': { model: 'b' } });
    const second = await cache.of(folders.project);
    expect([model(first), model(second), first.version === second.version]).toEqual(['a', 'b', false]);
    folders.write({ 'project/.claude/settings.json': { model: 'a' } });
    expect((await cache.of(folders.project)).version).toBe(first.version);
  });

  test('notices an edit that keeps size and modification time, of an old file by its change time [CFG-1]', async () => {
    folders.write({ 'project/.claude/settings.json': { model: 'a' } });
    utimesSync(settingsFile, 1, 1);
    const cache = folders.cache({ access: countingAccess().access });
    await cache.of(folders.project);
    // Longer than a tick of the clock that the kernel stamps files with.
    await sleep(50);
    folders.write({ 'project/.claude/settings.json': { model: 'b' } });
    utimesSync(settingsFile, 1, 1);
    expect(model(await cache.of(folders.project))).toBe('b');
  });

  test('notices every edit of a young file, also where the clock of the file system stands still [CFG-1]', async () => {
    const frozen: FileAccess = {
      ...nodeFileAccess,
      stamp: async (path) => {
        const stamp = await nodeFileAccess.stamp(path);
        return 'id' in stamp ? { ...stamp, id: 'always the same' } : stamp;
      },
      read: async (path, maxBytes) => {
        const reading = await nodeFileAccess.read(path, maxBytes);
        return reading.kind === 'bytes' ? { ...reading, id: 'always the same' } : reading;
      },
    };
    const cache = folders.cache({ access: frozen });
    for (const name of ['a', 'b', 'c']) {
      folders.write({ 'project/.claude/settings.json': { model: name } });
      expect(model(await cache.of(folders.project))).toBe(name);
    }
  });

  test('within its time costs no look at any file [CFG-1]', async () => {
    folders.write({ 'project/.claude/settings.json': { model: 'a' } });
    const { access, calls } = countingAccess();
    let now = 0;
    const cache = folders.cache({ access, freshMs: 1_000, now: () => now });
    const first = await cache.of(folders.project);
    const before = calls.length;
    folders.write({ 'project/.claude/settings.json': { model: 'b' } });
    now = 999;
    expect(await cache.of(folders.project)).toBe(first);
    expect(calls.length).toBe(before);
    now = 1_000;
    expect(model(await cache.of(folders.project))).toBe('b');
  });

  test('is read once for all who ask at the same time [CFG-1]', async () => {
    folders.write({ 'project/.claude/settings.json': { model: 'a' } });
    const { access, calls } = countingAccess();
    const cache = folders.cache({ access });
    const snapshots = await Promise.all(Array.from({ length: 50 }, () => cache.of(folders.project)));
    expect(new Set(snapshots).size).toBe(1);
    expect(calls.filter((call) => call === `read ${settingsFile}`)).toHaveLength(1);
  });

  test('of a project with 10,000 files costs what one with none costs, and nothing is read again [CFG-1]', async () => {
    folders.write({ 'project/.claude/settings.json': { model: 'a' }, 'project/.claude/commands/x.md': '' });
    const small = countingAccess();
    await folders.cache({ access: small.access }).of(folders.project);
    const command = join(folders.project, '.claude/commands/x.md');
    for (let index = 0; index < 5_000; index++) {
      linkSync(command, join(folders.project, `${index}.txt`));
      linkSync(command, join(folders.project, '.claude/commands', `${index}.md`));
    }
    const large = countingAccess();
    const cache = folders.cache({ access: large.access });
    await cache.of(folders.project);
    expect(large.calls.toSorted()).toEqual(small.calls.toSorted());
    large.calls.length = 0;
    await cache.of(folders.project);
    expect(large.calls.filter((call) => call.startsWith('read'))).toEqual([]);
  }, 60_000);

  test('that was unused for longest is forgotten, and loaded again when it is asked for [CFG-1]', async () => {
    const workspaces = ['a', 'b', 'c'].map((name) => join(folders.project, name));
    for (const workspace of workspaces) mkdirSync(workspace);
    const { access, calls } = countingAccess();
    const cache = folders.cache({ access, freshMs: 1_000, now: () => 0, maxWorkspaces: 2 });
    for (const workspace of [...workspaces, ...workspaces]) await cache.of(workspace);
    expect(calls.filter((call) => call === `stamp ${workspaces[0] ?? ''}/.git`)).toHaveLength(2);
  });
});

describe('the families', () => {
  test('ours goes before .claude for single values, and lists of both add up [CFG-1]', async () => {
    folders.write({
      'project/.codexplus/settings.json': { model: 'ours', permissions: { deny: ['Edit'] } },
      'project/.claude/settings.json': { model: 'claude', permissions: { deny: ['Write'] } },
    });
    const { settings } = await folders.cache().of(folders.project);
    expect([settings.model?.value, settings.rules.map(({ text }) => text)]).toEqual([
      'ours',
      ['Edit', 'Write'],
    ]);
  });

  test('a .codex file counts only where the same folder has no .claude file of that name [CFG-1]', async () => {
    folders.write({
      'project/.codex/settings.json': { model: 'codex', permissions: { deny: ['Edit'] } },
      'project/.codex/settings.local.json': { env: { V1: 'codex' } },
      'project/.claude/settings.local.json': '',
      'home/.codex/settings.json': { env: { V2: 'codex' } },
    });
    const cache = folders.cache();
    const fallback = await cache.of(folders.project);
    expect([model(fallback), [...fallback.settings.env.keys()]]).toEqual(['codex', ['V2']]);
    folders.write({ 'project/.claude/settings.json': '{ broken' });
    const claude = await cache.of(folders.project);
    expect([model(claude), claude.settings.rules]).toEqual([undefined, []]);
    rmSync(settingsFile);
    expect(model(await cache.of(folders.project))).toBe('codex');
  });

  test('folders of commands and skills are told where they exist, and when they come and go [CMD-1]', async () => {
    for (const folder of ['project/.codex/commands', 'home/.claude/skills', '.claude/commands']) {
      mkdirSync(join(folders.root, folder), { recursive: true });
    }
    const cache = folders.cache();
    const places = async (): Promise<readonly string[]> =>
      (await cache.of(folders.project)).commandFolders.map(
        ({ kind, source }) => `${source.scope} ${kind} ${source.file.slice(folders.root.length + 1)}`,
      );
    expect(await places()).toEqual([
      'user skills home/.claude/skills',
      'project commands project/.codex/commands',
      'project commands .claude/commands',
    ]);
    rmSync(join(folders.root, '.claude'), { recursive: true });
    mkdirSync(join(folders.project, '.claude/commands'), { recursive: true });
    expect(await places()).toEqual([
      'user skills home/.claude/skills',
      'project commands project/.claude/commands',
      'project commands project/.codex/commands',
    ]);
  });
});
