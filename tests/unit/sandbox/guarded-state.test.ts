import { mkdirSync, mkdtempSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { guardedState } from '../../../middleware/platform/process/guarded/guarded-state.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'codex-plus-guarded-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('a folder that was taken away and made anew is another, also with the number of the one before [SEC-2]', async () => {
  const path = join(folder, '.vscode');
  mkdirSync(path);
  const before = await guardedState(path, folder);
  writeFileSync(join(path, 'settings.json'), '{}');
  // What is in it is compared by itself.
  expect(await guardedState(path, folder)).toBe(before);
  rmSync(join(path, 'settings.json'));
  renameSync(path, `${path}-moved`);
  renameSync(`${path}-moved`, path);
  expect(await guardedState(path, folder)).toBe(before);
  rmdirSync(path);
  mkdirSync(path);
  expect(await guardedState(path, folder)).not.toBe(before);
});
