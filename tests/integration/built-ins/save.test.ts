import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { save } from '../../../middleware/features/built-ins/save.ts';
import { createFileWithin } from '../../../middleware/platform/store/create-file-within.ts';
import { builtInContext, snapshotWith } from '../../support/built-in-context.ts';
import { exchangeWith } from '../../support/made-up-exchange.ts';

describe('a file that is saved', () => {
  let root: string;
  let workspace: string;
  let outside: string;

  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'codex-plus-save-')));
    workspace = join(root, 'workspace');
    outside = join(root, 'outside');
    mkdirSync(join(workspace, 'notes'), { recursive: true });
    mkdirSync(outside);
  });

  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  test('/save puts the conversation into a new file that only its owner can read [CMD-4]', async () => {
    const input = ['Hello.', '/save notes/today.md'].map((content) => ({ role: 'user', content }));
    const context = builtInContext({
      exchange: exchangeWith({ body: { model: 'gpt-5', input } }),
      snapshot: snapshotWith({ workspace }),
      createFileWithin,
    });
    const file = join(workspace, 'notes', 'today.md');
    expect(await save('notes/today.md', context)).toBe(
      `Saved to \`${file}\`: 1 message and 0 tool calls, secrets left out.\n`,
    );
    expect(readFileSync(file, 'utf8')).toContain('## User\n\nHello.\n');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('a file that is there stays as it is [CMD-4]', async () => {
    writeFileSync(join(workspace, 'a.md'), 'mine');
    expect(await createFileWithin(workspace, 'a.md', 'theirs')).toEqual({
      kind: 'refused',
      reason: 'exists already, and nothing is overwritten',
    });
    expect(readFileSync(join(workspace, 'a.md'), 'utf8')).toBe('mine');
  });

  test('an absolute name within the workspace is fine, also where the workspace is named by a link [CMD-4]', async () => {
    const link = join(root, 'link');
    symlinkSync(workspace, link);
    expect(await createFileWithin(link, join(workspace, 'b.md'), 'text')).toEqual({
      kind: 'created',
      file: join(workspace, 'b.md'),
    });
  });

  test.each([
    ['../outside/x.md', 'is not in the workspace'],
    ['notes/../../x.md', 'is not in the workspace'],
    ['/etc/x.md', 'is not in the workspace'],
    ['.', 'is not in the workspace'],
    ['..', 'is not in the workspace'],
    ['.git/hooks/post-commit', 'is hidden, or in a hidden folder'],
    ['.claude/commands/x.md', 'is hidden, or in a hidden folder'],
    ['notes/.profile', 'is hidden, or in a hidden folder'],
    ['..a.md', 'is hidden, or in a hidden folder'],
    ['missing/x.md', 'is in a folder that does not exist'],
    ['notes', 'exists already, and nothing is overwritten'],
    ['a\0.md', 'is no name for a file'],
  ])('%j is refused: it %s [CMD-4]', async (name, reason) => {
    expect(await createFileWithin(workspace, name, 'text')).toEqual({ kind: 'refused', reason });
    expect(readdirSync(root, { recursive: true }).sort()).toEqual([
      'outside',
      'workspace',
      'workspace/notes',
    ]);
  });

  test('no link is followed: to a folder, to a file, or to nothing [CMD-4]', async () => {
    symlinkSync(outside, join(workspace, 'folder'));
    symlinkSync(join(outside, 'there.md'), join(workspace, 'file.md'));
    symlinkSync(join(workspace, 'notes'), join(workspace, 'inner'));
    for (const [name, reason] of [
      ['folder/x.md', 'is behind a symbolic link'],
      ['inner/x.md', 'is behind a symbolic link'],
      ['file.md', 'exists already, and nothing is overwritten'],
    ]) {
      expect(await createFileWithin(workspace, name ?? '', 'text')).toEqual({ kind: 'refused', reason });
    }
    expect([readdirSync(outside), existsSync(join(workspace, 'notes', 'x.md'))]).toEqual([[], false]);
  });

  test('a workspace that is gone is told, and a folder that is a file [CMD-4]', async () => {
    writeFileSync(join(workspace, 'file'), '');
    const refused = { kind: 'refused', reason: 'is in a folder that does not exist' };
    expect(await createFileWithin(join(root, 'gone'), 'x.md', 'text')).toEqual(refused);
    expect(await createFileWithin(workspace, 'file/x.md', 'text')).toEqual(refused);
  });
});
