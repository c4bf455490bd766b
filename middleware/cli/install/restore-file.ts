import type { Installed } from '../../features/install/planned-file.ts';
import { readTextFile } from '../../platform/store/read-text-file.ts';
import { removeFile, writeTextFile } from '../../platform/store/write-files.ts';
import { takeOutOfCodex } from './take-out-of-codex.ts';
import { undoSegments } from './text-segments.ts';
import { toldChoices } from './told-choices.ts';

/** What came of restoring a file. */
export type Restored =
  | { readonly file: string; readonly kind: 'removed' | 'gone' }
  /** With what stays in it, and why. */
  | { readonly file: string; readonly kind: 'restored'; readonly stays: readonly string[] }
  /** Somebody edited what we wrote: left as it is. */
  | { readonly file: string; readonly kind: 'edited' };

/** Takes our part out of a file; a file that was not there before us is removed when nothing else is in it. */
export function restoreFile({ file, segments, existed, own }: Installed): Restored {
  const now = readTextFile(file);
  if (now === undefined) return { file, kind: 'gone' };
  if (segments.length === 0) {
    removeFile(file);
    return { file, kind: 'removed' };
  }
  const text = takeOut(now, segments, file);
  if (text === undefined) return { file, kind: 'edited' };
  if (!existed && text.trim() === '') {
    removeFile(file);
    return { file, kind: 'removed' };
  }
  if (text !== now) writeTextFile(file, text);
  return { file, kind: 'restored', stays: own === undefined ? [] : toldChoices(text, file, own) };
}

function takeOut(now: string, segments: Installed['segments'], file: string): string | undefined {
  if (file.endsWith('.toml')) return takeOutOfCodex(now, segments, file);
  const { text, missing } = undoSegments(now, segments);
  return missing.length > 0 ? undefined : text;
}
