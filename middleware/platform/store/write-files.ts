import {
  chmodSync,
  existsSync,
  mkdirSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { codeOf } from '../../kernel/errors.ts';

/**
 * Writes a text in the place of a file: beside it first and then renamed, so that nobody reads half of it. A link
 * stays a link, and the file keeps its mode.
 */
export function writeTextFile(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const place = existsSync(file) ? realpathSync(file) : file;
  const mode = existsSync(place) ? statSync(place).mode & 0o777 : 0o600;
  const draft = `${place}.codex-plus-${process.pid}`;
  // Nobody else has put a link there, which would lead the text elsewhere.
  rmSync(draft, { force: true });
  writeFileSync(draft, text, { mode, flag: 'wx' });
  chmodSync(draft, mode);
  renameSync(draft, place);
}

/** The folders that writing a file would have to make, outermost first. */
export function missingFolders(file: string): string[] {
  const folder = dirname(file);
  return existsSync(folder) ? [] : [...missingFolders(folder), folder];
}

/** Removes those of the folders that are empty, innermost first. */
export function removeEmptyFolders(folders: readonly string[]): void {
  for (const folder of folders.toSorted((a, b) => b.length - a.length)) {
    try {
      rmdirSync(folder);
    } catch (error) {
      // Somebody else has put something into it, or it is gone.
      if (!['ENOTEMPTY', 'ENOENT', 'EEXIST'].includes(codeOf(error) ?? '')) throw error;
    }
  }
}

/** Removes a file that may be gone already. */
export function removeFile(file: string): void {
  rmSync(file, { force: true });
}
