import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
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

function reasons({ problems }: ProjectSnapshot): readonly string[] {
  return problems.map(({ file, reason }) => `${file.slice(folders.root.length + 1)}: ${reason}`);
}

describe('a broken file', () => {
  test('is told with file, line and reason, and its last good content stays until it is mended [CFG-1]', async () => {
    folders.write({ 'project/.claude/settings.json': { model: 'good', permissions: { deny: ['Edit'] } } });
    const cache = folders.cache();
    const good = await cache.of(folders.project);
    folders.write({ 'project/.claude/settings.json': '{\n  "model": "new",\n  // why\n}' });
    const broken = await cache.of(folders.project);
    expect([model(broken), broken.settings.rules.length]).toEqual(['good', 1]);
    expect(broken.problems).toEqual([
      {
        file: settingsFile,
        scope: 'project',
        line: 3,
        column: 3,
        path: '',
        reason: 'is not JSON: comments are not allowed',
        leftOut: 'file',
      },
    ]);
    expect(await cache.of(folders.project)).toBe(broken);
    folders.write({ 'project/.claude/settings.json': { model: 'good', permissions: { deny: ['Edit'] } } });
    expect((await cache.of(folders.project)).version).toBe(good.version);
  });

  test('is waited for once and not at every look [CFG-1]', async () => {
    folders.write({ 'project/.claude/settings.json': '{' });
    const { access, calls } = countingAccess({ young: true });
    const reads = (): number => calls.filter((call) => call === `read ${settingsFile}`).length;
    const cache = folders.cache({ access });
    await cache.of(folders.project);
    expect(reads()).toBe(2);
    await cache.of(folders.project);
    expect(reads()).toBe(3);
  });

  test('keeps its last good content in every workspace that it counts in [CFG-1]', async () => {
    folders.write({ 'home/.claude/settings.json': { model: 'good' } });
    const cache = folders.cache();
    await cache.of(folders.project);
    folders.write({ 'home/.claude/settings.json': '{' });
    expect(model(await cache.of(folders.home))).toBe('good');
  });

  test('that is removed counts no more [CFG-1]', async () => {
    folders.write({ 'project/.claude/settings.json': { model: 'good' } });
    const cache = folders.cache();
    await cache.of(folders.project);
    folders.write({ 'project/.claude/settings.json': '{' });
    await cache.of(folders.project);
    unlinkSync(settingsFile);
    const after = await cache.of(folders.project);
    expect([model(after), after.problems]).toEqual([undefined, []]);
  });

  test('does not keep the others from being reloaded [CFG-1]', async () => {
    folders.write({
      'project/.claude/settings.json': '{',
      'home/.claude/settings.json': { model: 'one' },
    });
    const cache = folders.cache();
    await cache.of(folders.project);
    folders.write({ 'home/.claude/settings.json': { model: 'two' } });
    expect(model(await cache.of(folders.project))).toBe('two');
  });
});

describe('a file that is being written', () => {
  test('half of it is never taken: the look waits for the rest [CFG-1]', async () => {
    folders.write({ 'project/.claude/settings.json': { model: 'old' } });
    const cache = folders.cache({ settleMs: 200 });
    await cache.of(folders.project);
    const text = JSON.stringify({ model: 'new', permissions: { deny: ['Edit'] } });
    for (const half of ['', text.slice(0, 20)]) {
      writeFileSync(settingsFile, half);
      const looked = cache.of(folders.project);
      await sleep(20);
      writeFileSync(settingsFile, text);
      const snapshot = await looked;
      expect([model(snapshot), snapshot.settings.rules.length, snapshot.problems]).toEqual(['new', 1, []]);
    }
  });

  test('one that is missing for a moment, since it is replaced, still counts [CFG-1]', async () => {
    folders.write({ 'project/.claude/settings.json': { model: 'old' } });
    const cache = folders.cache({ settleMs: 200 });
    await cache.of(folders.project);
    renameSync(settingsFile, `${settingsFile}~`);
    const looked = cache.of(folders.project);
    await sleep(20);
    writeFileSync(settingsFile, '{"model":"new"}');
    expect(model(await looked)).toBe('new');
  });

  test('hundreds of rewrites meanwhile show old or new and nothing else [CFG-1]', async () => {
    const contents = [{ model: 'a', env: { PAD: 'x'.repeat(50_000) } }, { model: 'b' }];
    folders.write({ 'project/.claude/settings.json': contents[0] });
    const cache = folders.cache({ settleMs: 25 });
    await cache.of(folders.project);
    const writer = { isDone: false };
    const writing = (async () => {
      for (let round = 0; round < 400; round++) {
        folders.write({ 'project/.claude/settings.json': contents[round % 2] });
        if (round % 20 === 0) await sleep(0);
      }
      writer.isDone = true;
    })();
    const seen = new Set<string>();
    while (!writer.isDone) {
      const snapshot = await cache.of(folders.project);
      seen.add(`${String(model(snapshot))} ${snapshot.settings.env.get('PAD')?.value.length ?? 0}`);
    }
    await writing;
    expect([...seen].filter((view) => view !== 'a 50000' && view !== 'b 0')).toEqual([]);
  }, 60_000);
});

describe('odd files', () => {
  test('loops of links, dangling links, folders and pipes in the place of a file bring nothing down [CFG-1]', async () => {
    mkdirSync(join(folders.project, '.claude'));
    symlinkSync('settings.json', settingsFile);
    symlinkSync('nowhere', join(folders.project, '.claude/settings.local.json'));
    mkdirSync(join(folders.project, '.codexplus/settings.json'), { recursive: true });
    execFileSync('sh', ['-c', 'mkfifo "$0"', join(folders.project, '.codexplus/settings.local.json')]);
    symlinkSync('.codex', join(folders.project, '.codex'));
    symlinkSync('commands', join(folders.project, '.claude/commands'));
    folders.write({ 'project/.codexplus/commands': '' });
    folders.write({ 'home/.claude/settings.json': { model: 'mine' } });
    const snapshot = await folders.cache().of(folders.project);
    expect([model(snapshot), snapshot.commandFolders]).toEqual(['mine', []]);
    expect(reasons(snapshot)).toEqual([
      'project/.codexplus/settings.local.json: is not a file',
      'project/.codexplus/settings.json: is not a file',
      'project/.claude/settings.json: is a symbolic link that leads back to itself',
    ]);
  });

  test('a file behind a link counts, and a change behind the link is noticed [CFG-1]', async () => {
    folders.write({ 'dotfiles/one.json': { model: 'one' }, 'dotfiles/two.json': { model: 'two' } });
    mkdirSync(join(folders.project, '.claude'));
    symlinkSync('../../dotfiles/one.json', settingsFile);
    const cache = folders.cache();
    expect(model(await cache.of(folders.project))).toBe('one');
    symlinkSync('../../dotfiles/two.json', `${settingsFile}.new`);
    renameSync(`${settingsFile}.new`, settingsFile);
    expect(model(await cache.of(folders.project))).toBe('two');
  });

  const hasProc = existsSync('/proc/version');
  (hasProc ? test : test.skip)('a file that has more in it than it says is not taken [CFG-1]', async () => {
    mkdirSync(join(folders.project, '.claude'));
    symlinkSync('/proc/version', settingsFile);
    expect(reasons(await folders.cache().of(folders.project))).toEqual([
      'project/.claude/settings.json: changes faster than it can be read',
    ]);
  });

  test('a file of more than a megabyte is not taken [CFG-1]', async () => {
    folders.write({ 'project/.claude/settings.json': { model: 'x', pad: 'x'.repeat(1024 * 1024) } });
    const snapshot = await folders.cache().of(folders.project);
    expect([model(snapshot), reasons(snapshot)]).toEqual([
      undefined,
      ['project/.claude/settings.json: is larger than 1024 KiB'],
    ]);
  });

  test('a file system that fails for a while takes nothing away [CFG-1]', async () => {
    folders.write({
      'enterprise/managed-settings.json': { permissions: { deny: ['Edit'] } },
      'enterprise/managed-settings.d/10.json': { permissions: { deny: ['Write'] } },
    });
    let fails = false;
    const failing: FileAccess = {
      stamp: (path) =>
        fails
          ? Promise.resolve({ kind: 'unreadable', reason: 'cannot be read (EIO)' })
          : nodeFileAccess.stamp(path),
      read: (path, maxBytes) =>
        fails
          ? Promise.resolve({ kind: 'unreadable', reason: 'cannot be read (EIO)' })
          : nodeFileAccess.read(path, maxBytes),
      names: (folder) => (fails ? Promise.resolve(undefined) : nodeFileAccess.names(folder)),
    };
    const cache = folders.cache({ access: failing });
    const before = await cache.of(folders.project);
    fails = true;
    const meanwhile = await cache.of(folders.project);
    expect(meanwhile.settings.rules.map(({ text }) => text)).toEqual(['Write', 'Edit']);
    expect(
      meanwhile.problems.filter(({ scope }) => scope === 'enterprise').map(({ reason }) => reason),
    ).toContain('cannot be read (EIO)');
    fails = false;
    expect((await cache.of(folders.project)).version).toBe(before.version);
  });
});
