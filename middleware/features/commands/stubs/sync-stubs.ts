import { existsSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { Environment } from '../../../platform/config/environment.ts';
import { userFolders } from '../../../platform/config/scopes/folders/user-folders.ts';
import { applyPlan } from '../../install/apply-plan.ts';
import { readInstallRecord, writeInstallRecord } from '../../install/install-record.ts';
import { listStubs } from './list-stubs.ts';
import { changes, type Installed } from '../../install/planned-file.ts';
import { readTextFile } from '../../../platform/store/read-text-file.ts';
import { skillStubFiles } from './skill-stubs.ts';
import { removeEmptyFolders, removeFile } from '../../../platform/store/write-files.ts';

interface SyncOptions {
  readonly home: string;
  readonly env: Environment;
  /** The project whose commands are to be callable as well. */
  readonly workspace: string;
}

/**
 * Keeps the skills that make commands callable in Codex's interface in step with the commands: new ones are added,
 * those whose file is gone are removed. Does nothing for a user who has not installed them.
 */
export async function syncStubs({ home, env, workspace }: SyncOptions): Promise<void> {
  const user = userFolders(home, env);
  const skills = join(user.codex, 'skills') + sep;
  const record = readInstallRecord(home);
  const installed = record.files.filter(({ file }) => file.startsWith(skills));
  if (installed.length === 0) return;
  const gone = installed.filter(isGone);
  if (gone.length > 0) {
    for (const { file } of gone) removeFile(file);
    removeEmptyFolders(record.folders.filter((folder) => folder.startsWith(skills)));
    const files = record.files.filter(({ file }) => !gone.some((other) => other.file === file));
    writeInstallRecord(home, { ...record, files });
  }
  const wanted = skillStubFiles(skills, await listStubs(user, workspace)).filter(changes);
  if (wanted.length === 0) return;
  applyPlan(home, wanted);
}

/** Whether the command that a stub stands for has lost its file; the file beside the stub goes with it. */
function isGone({ file }: Installed): boolean {
  const stub = file.endsWith('SKILL.md') ? file : join(file, '..', '..', 'SKILL.md');
  const text = readTextFile(stub) ?? '';
  const from = /^from: (.+)$/m.exec(text)?.[1];
  // A name with a space, which an earlier release took, calls nothing.
  return from !== undefined && (!existsSync(from) || /^command: \S+ /m.test(text));
}
