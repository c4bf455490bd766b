import { mkdirSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  nodeFileAccess,
  type FileAccess,
} from '../../../middleware/platform/config/scopes/files/file-access.ts';
import type { ProjectSnapshot } from '../../../middleware/platform/config/scopes/project-snapshot.ts';
import { agedAccess, known, tick } from './aged-access.ts';
import { createProjectFolders, denied, deny, type ProjectFolders } from './project-folders.ts';

let folders: ProjectFolders;

beforeEach(() => {
  folders = createProjectFolders();
});

afterEach(() => {
  folders.remove();
});

describe('where nothing changed', () => {
  test('nothing is waited for, however old the snapshot is', async () => {
    folders.write({
      'project/.claude/settings.json': deny('Edit'),
      'home/.codex/settings.json': {},
      'enterprise/managed-settings.d/1.json': {},
      'project/.mcp.json': {},
    });
    const { access, waits } = agedAccess();
    let now = 0;
    const cache = folders.cache({ access, freshMs: 160, checkMs: 40, now: () => now });
    const first = await cache.of(folders.project);
    const before = waits();
    for (now of [39, 41, 79, 81, 159, 161, 10_000, 1_000_000]) {
      expect(cache.now(folders.project)).toBe(first);
      expect(await cache.of(folders.project)).toBe(first);
    }
    expect(waits()).toBe(before);
  });

  test('a folder in which other files come and go stays known', async () => {
    const { access, waits } = agedAccess();
    const cache = folders.cache({ access });
    const snapshot = await known(cache, folders.project);
    const before = waits();
    for (const name of ['log', 'target', 'log.1']) {
      folders.write({ [`project/${name}`]: name, [`home/${name}`]: name });
      expect(cache.now(folders.project)).toBe(snapshot);
    }
    expect(waits()).toBe(before);
  });

  test('of two hundred projects each is known, and an edit of one makes the others no work', async () => {
    const { access, waits } = agedAccess();
    const cache = folders.cache({ access });
    const workspaces = Array.from({ length: 200 }, (_, index) => folders.at(`project/${index}`));
    for (const workspace of workspaces) mkdirSync(workspace);
    const all: ProjectSnapshot[] = [];
    for (const workspace of workspaces) all.push(await cache.of(workspace));
    const before = waits();
    folders.write({ 'project/7/.claude/settings.json': deny('Edit') });
    expect(workspaces.filter((workspace, index) => cache.now(workspace) !== all[index])).toEqual([
      folders.at('project/7'),
    ]);
    expect(waits()).toBe(before);
    expect(denied(await cache.of(folders.at('project/7')))).toEqual(['Edit']);
  }, 60_000);
});

describe('is looked at as before', () => {
  test('a file that changed before anything else was asked of it', async () => {
    folders.write({ 'project/.claude/settings.json': deny('Edit') });
    const { access } = agedAccess();
    const cache = folders.cache({ access });
    await cache.of(folders.project);
    await tick();
    folders.write({ 'project/.claude/settings.json': deny('Read') });
    expect(cache.now(folders.project)).toBeUndefined();
    expect(denied(await cache.of(folders.project))).toEqual(['Read']);
  });

  test('what is not on a disk of this machine: nothing is asked of it that could block', async () => {
    const { access, waits } = agedAccess();
    const blocking = (): never => {
      throw new Error('was asked');
    };
    const remote: FileAccess = {
      ...access,
      prompt: { areLocal: () => Promise.resolve(false), stats: blocking, hasName: blocking },
    };
    let now = 0;
    const cache = folders.cache({ access: remote, freshMs: 160, checkMs: 40, now: () => now });
    await cache.of(folders.project);
    const before = waits();
    now = 79;
    expect(cache.now(folders.project)).toBeDefined();
    now = 80;
    expect(cache.now(folders.project)).toBeUndefined();
    folders.write({ 'project/.claude/settings.json': deny('Edit') });
    now = 160;
    expect(denied(await cache.of(folders.project))).toEqual(['Edit']);
    expect(waits()).toBeGreaterThan(before);
  });

  test('a file that could not be read for once', async () => {
    folders.write({ 'project/.claude/settings.json': deny('Edit') });
    const { access } = agedAccess();
    let fails = true;
    const cache = folders.cache({
      access: {
        ...access,
        read: (path, maxBytes) =>
          fails
            ? Promise.resolve({ kind: 'unreadable', reason: 'cannot be read (EMFILE)' })
            : access.read(path, maxBytes),
      },
    });
    expect(denied(await cache.of(folders.project))).toEqual([]);
    fails = false;
    expect(denied(await cache.of(folders.project))).toEqual(['Edit']);
  });

  test('a folder of which the system says something else than that it is not there', async () => {
    const { access } = agedAccess();
    let fails = false;
    const { stats } = access.prompt;
    const forbidden = (path: string): ReturnType<typeof stats> => {
      if (fails) throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
      return stats(path);
    };
    const cache = folders.cache({ access: { ...access, prompt: { ...access.prompt, stats: forbidden } } });
    await known(cache, folders.project);
    fails = true;
    expect(cache.now(folders.project)).toBeUndefined();
    folders.write({ 'project/.claude/settings.json': deny('Edit') });
    expect(denied(await cache.of(folders.project))).toEqual(['Edit']);
  });

  test('a file so young that two contents may have one time', async () => {
    folders.write({ 'project/.claude/settings.json': deny('Edit') });
    const { access } = agedAccess();
    const { stamp, read, prompt } = nodeFileAccess;
    const young: FileAccess = { ...access, stamp, read, prompt: { ...access.prompt, stats: prompt.stats } };
    const cache = folders.cache({ access: young });
    await cache.of(folders.project);
    expect(cache.now(folders.project)).toBeUndefined();
    expect(denied(await cache.of(folders.project))).toEqual(['Edit']);
  });
});

test('a file system that lives in the kernel or behind it is no disk of this machine', async () => {
  expect(await nodeFileAccess.prompt.areLocal(['/proc/self/none', folders.project])).toBe(false);
  writeFileSync(folders.at('file'), '');
  const isLocal = await nodeFileAccess.prompt.areLocal([folders.project]);
  expect(await nodeFileAccess.prompt.areLocal([folders.at('none/below'), folders.at('file/below')])).toBe(
    isLocal,
  );
});
