import { existsSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { Environment } from '../../../platform/config/environment.ts';
import { userFolders } from '../../../platform/config/scopes/folders/user-folders.ts';
import { applyPlan } from '../../install/apply-plan.ts';
import { readInstallRecord, writeInstallRecord } from '../../install/install-record.ts';
import { listStubs } from './list-stubs.ts';
import { changes, type Installed } from '../../install/planned-file.ts';
import { readTextFile } from '../../../platform/store/read-text-file.ts';
import { isPromptGone, promptStubs, type ServerPrompts, type ServersThere } from './prompt-stubs.ts';
import { skillStubFiles } from './skill-stubs.ts';
import { removeEmptyFolders, removeFile } from '../../../platform/store/write-files.ts';

interface SyncOptions {
  readonly home: string;
  readonly env: Environment;
  /** The project whose commands are to be callable as well. */
  readonly workspace: string;
  /** The MCP servers there, whose prompts are commands; without them, what was written for prompts stays. */
  readonly servers?: readonly ServerPrompts[];
}

/**
 * Keeps the skills that make commands callable in Codex's interface in step with the commands, and with the prompts of MCP
 * servers that are known: new ones are added, those whose file or prompt is gone are removed. Does nothing for a user who has not installed them.
 */
export async function syncStubs({ home, env, workspace, servers }: SyncOptions): Promise<void> {
  const user = userFolders(home, env);
  const skills = join(user.codex, 'skills') + sep;
  const record = readInstallRecord(home);
  const installed = record.files.filter(({ file }) => file.startsWith(skills));
  if (installed.length === 0) return;
  const there = servers && { workspace, servers };
  const gone = installed.filter((one) => isGone(one, there));
  if (gone.length > 0) {
    for (const { file } of gone) removeFile(file);
    removeEmptyFolders(record.folders.filter((folder) => folder.startsWith(skills)));
    const files = record.files.filter(({ file }) => !gone.some((other) => other.file === file));
    writeInstallRecord(home, { ...record, files });
  }
  const commands = await listStubs(user, workspace);
  const taken = new Set(commands.map(({ name }) => name));
  const prompts = there === undefined ? [] : promptStubs(there).filter(({ name }) => !taken.has(name));
  const wanted = skillStubFiles(skills, [...commands, ...prompts]).filter(changes);
  if (wanted.length === 0) return;
  applyPlan(home, wanted);
}

/** Whether the command that a stub stands for has lost its file, or its prompt; the file beside the stub goes with it. */
function isGone({ file }: Installed, there: ServersThere | undefined): boolean {
  const stub = file.endsWith('SKILL.md') ? file : join(file, '..', '..', 'SKILL.md');
  const text = readTextFile(stub) ?? '';
  if (there !== undefined && isPromptGone(text, there)) return true;
  const from = /^from: (.+)$/m.exec(text)?.[1];
  // A name with a space, which an earlier release took, calls nothing.
  return from !== undefined && (!existsSync(from) || /^command: \S+ /m.test(text));
}
