import type { Command } from '../commands/command.ts';
import type { CommandCatalog } from '../commands/find/command-catalog.ts';
import type { HookEntry } from './config/hook-entry.ts';
import type { TrustSubject } from '../trust/trust-record.ts';
import type { PermissionRule } from '../../kernel/permission-rule.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';
import { rulesOfCommand } from '../commands/prompt/command-permissions.ts';
import { subjectOfCommand } from '../commands/subject-of-command.ts';
import { enabledHooks } from './config/enabled-hooks.ts';

/** What a command's front matter adds to the conversation that called it. */
export interface CommandExtras {
  /** Of `allowed-tools` and `disallowed-tools`: for the turn. */
  readonly rules: readonly PermissionRule[];
  /** From the call on, as long as the session lasts. */
  readonly hooks: readonly HookEntry[];
  /** Trust in the whole file of the command is trust in its hooks as well; `undefined` where nobody has to be asked. */
  readonly subject: TrustSubject | undefined;
}

/** Finds what a command adds; `undefined` where there is no such command, or it adds nothing. */
export type CommandExtrasOf = (
  name: string | undefined,
  project: ProjectSnapshot,
) => Promise<CommandExtras | undefined>;

export function createCommandExtras(catalog: CommandCatalog): CommandExtrasOf {
  return async (name, project) => {
    if (name === undefined) return undefined;
    const found = await catalog.find(project.commandFolders, name);
    if (found.kind !== 'command') return undefined;
    const { command } = found;
    const rules = rulesOfCommand(command);
    const hooks = hooksOf(command, project);
    if (rules.length === 0 && hooks.length === 0) return undefined;
    return { rules, hooks, subject: subjectOfCommand(command, project.workspace) };
  };
}

function hooksOf({ hooks, source }: Command, { settings }: ProjectSnapshot): readonly HookEntry[] {
  if (hooks === undefined) return [];
  return enabledHooks({ settings: { ...settings, hooks: [{ source, value: hooks, written: hooks }] } })
    .selected;
}
