import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  createWorkspaceAccess,
  type WorkspaceAccess,
} from '../../../middleware/platform/config/scopes/workspace-access.ts';
import { areLocal } from '../../../middleware/platform/config/scopes/files/local-paths.ts';
import { createProjectFolders, type ProjectFolders } from './project-folders.ts';

let folders: ProjectFolders;
let access: WorkspaceAccess;

beforeEach(() => {
  folders = createProjectFolders();
  mkdirSync(join(folders.project, 'inside'));
  symlinkSync(folders.project, join(folders.root, 'link-to-project'));
  symlinkSync(folders.home, join(folders.project, 'link-out'));
  symlinkSync('loop', join(folders.project, 'loop'));
  writeFileSync(join(folders.project, 'file'), '');
  access = createWorkspaceAccess({ roots: [join(folders.root, 'link-to-project')], freshMs: 0 });
});

afterEach(() => {
  folders.remove();
});

test('a caller with a key gets folders within the roots, both without their links [SEC-6]', async () => {
  expect(await access.open('key', folders.project)).toBe(folders.project);
  expect(await access.open('key', join(folders.root, 'link-to-project/inside'))).toBe(
    join(folders.project, 'inside'),
  );
});

test('a caller with a key does not get out of the roots, by a link neither [SEC-6]', async () => {
  for (const path of [folders.home, folders.root, join(folders.project, 'link-out'), '/']) {
    expect(await access.open('key', path)).toBeUndefined();
  }
  expect(await createWorkspaceAccess({ roots: [] }).open('key', folders.project)).toBeUndefined();
});

test('a caller on this machine gets any folder, and only folders [SEC-6]', async () => {
  expect(await access.open('local', join(folders.project, 'link-out'))).toBe(folders.home);
  for (const name of ['file', 'none', 'loop', 'file/below']) {
    expect(await access.open('local', join(folders.project, name))).toBeUndefined();
  }
});

test('a link that is turned elsewhere is noticed [SEC-6]', async () => {
  const link = join(folders.project, 'link');
  symlinkSync('inside', link);
  expect(await access.open('key', link)).toBe(join(folders.project, 'inside'));
  symlinkSync(folders.home, `${link}.new`);
  renameSync(`${link}.new`, link);
  expect(await access.open('key', link)).toBeUndefined();
});

test('an answer is known without waiting for as long as it holds, and for those alone whom it is for [SEC-6]', async () => {
  const isPrompt = await areLocal([folders.root]);
  const known = (folder: string | undefined): unknown => (isPrompt ? { folder } : undefined);
  const link = join(folders.project, 'link');
  const none = join(folders.project, 'none');
  symlinkSync('inside', link);
  expect(access.openNow('local', link)).toBeUndefined();
  for (const path of [link, folders.home, none]) await access.open('key', path);
  expect(access.openNow('key', link)).toEqual(known(join(folders.project, 'inside')));
  expect(access.openNow('key', folders.home)).toEqual(known(undefined));
  expect(access.openNow('local', folders.home)).toEqual(known(folders.home));
  expect(access.openNow('local', none)).toEqual(known(undefined));
  mkdirSync(none);
  symlinkSync(folders.home, `${link}.new`);
  renameSync(`${link}.new`, link);
  for (const path of [link, none]) expect(access.openNow('key', path)).toBeUndefined();
  expect([await access.open('key', link), await access.open('key', none)]).toEqual([undefined, none]);
});
