import { constants } from 'node:fs';
import { open, realpath, stat, type FileHandle } from 'node:fs/promises';
import { dirname, relative, resolve, sep } from 'node:path';
import { codeOf } from '../../kernel/errors.ts';
import { isWithin } from '../config/scopes/find-workspace.ts';

export type CreatedFile =
  | { readonly kind: 'created'; readonly file: string }
  /** Nothing was written; the reason is the end of a sentence about the file. */
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Writes a new file below a folder, for its owner's eyes only. Nothing is ever replaced, no folder is made, and neither a
 * symbolic link nor a name that begins with a dot is on the way from the folder to the file.
 */
export async function createFileWithin(folder: string, name: string, text: string): Promise<CreatedFile> {
  try {
    const root = await realpath(folder);
    const file = resolve(root, name);
    const reason = nameFault(root, file) ?? (await linkFault(dirname(file)));
    return reason === undefined ? await create(file, text) : refused(reason);
  } catch (error) {
    return refused(reasonOf(error));
  }
}

function nameFault(root: string, file: string): string | undefined {
  if (file === root || !isWithin(root, file)) return 'is not in the workspace';
  const steps = relative(root, file).split(sep);
  // What others read as configuration or code lies in hidden folders: .git, .claude, .ssh.
  return steps.some((step) => step.startsWith('.')) ? 'is hidden, or in a hidden folder' : undefined;
}

async function linkFault(folder: string): Promise<string | undefined> {
  return (await realpath(folder)) === folder ? undefined : 'is behind a symbolic link';
}

async function create(file: string, text: string): Promise<CreatedFile> {
  const { O_WRONLY, O_CREAT, O_EXCL } = constants;
  // With O_EXCL a link in the place of the file is a file that exists, whatever it leads to (POSIX, open).
  const handle = await open(file, O_WRONLY | O_CREAT | O_EXCL, 0o600);
  try {
    // A folder on the way may have become a link since it was looked at: then nothing of the text is written.
    if (!(await isStillAt(handle, file))) return refused('was moved while it was written');
    await handle.writeFile(text);
    return { kind: 'created', file };
  } finally {
    await handle.close();
  }
}

async function isStillAt(handle: FileHandle, file: string): Promise<boolean> {
  const [opened, found, real] = await Promise.all([handle.stat(), stat(file), realpath(file)]);
  return real === file && opened.ino === found.ino && opened.dev === found.dev;
}

function reasonOf(error: unknown): string {
  const code = codeOf(error);
  if (code === undefined) throw error;
  return reasons[code] ?? `cannot be written (${code})`;
}

const reasons: Partial<Record<string, string>> = {
  EEXIST: 'exists already, and nothing is overwritten',
  ENOENT: 'is in a folder that does not exist',
  ENOTDIR: 'is in a folder that does not exist',
  ERR_INVALID_ARG_VALUE: 'is no name for a file',
};

function refused(reason: string): CreatedFile {
  return { kind: 'refused', reason };
}
