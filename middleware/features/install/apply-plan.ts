import { missingFolders, writeTextFile } from '../../platform/store/write-files.ts';
import { readInstallRecord, writeInstallRecord } from './install-record.ts';
import { changes, type PlannedFile } from './planned-file.ts';

/**
 * Carries a plan out. The record is written first: an installation that breaks off in the middle can be taken back,
 * and taking out what was never put in changes nothing. Files of an earlier plan that are not in this one are
 * restored.
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
