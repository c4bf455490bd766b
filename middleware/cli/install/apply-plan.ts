import { readInstallRecord, writeInstallRecord } from './install-record.ts';
import { changes, type Installed, type PlannedFile } from './planned-file.ts';
import { readTextFile } from '../../platform/store/read-text-file.ts';
import { takeOutOfCodex } from './take-out-of-codex.ts';
import { toldChoices } from './told-choices.ts';
import { undoSegments } from './text-segments.ts';
import { missingFolders, removeFile, writeTextFile } from '../../platform/store/write-files.ts';

/**
 * Carries a plan out. The record is written first: an installation that breaks off in the middle can be taken back, and taking
 * out what was never put in changes nothing. Files of an earlier plan that are not in this one are restored.
 */
export function applyPlan(
  home: string,
  plan: readonly PlannedFile[],
  wrote: (file: string) => void = () => undefined,
): void {
  const before = readInstallRecord(home);
  const planned = new Set(plan.map(({ file }) => file));
  const folders = [...before.folders, ...plan.flatMap(({ file }) => missingFolders(file))];
  writeInstallRecord(home, {
    files: [
      ...before.files.filter(({ file }) => !planned.has(file)),
      ...plan.map(({ file, segments, existed, own }) => ({ file, segments, existed, own })),
    ],
    folders: [...new Set(folders)],
  });
  for (const planFile of plan.filter(changes)) {
    writeTextFile(planFile.file, planFile.next);
    wrote(planFile.file);
  }
}

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
