import { builtInCommands, type BuiltInCommand } from '../../features/commands/built-in-commands.ts';
import { CommandCatalog } from '../../features/commands/find/command-catalog.ts';
import type { Command } from '../../features/commands/command.ts';
import { helpPattern } from '../../features/commands/help/help-pattern.ts';
import { stubMarker } from '../../features/commands/stubs/skill-stub.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';

/** What can be called in a folder. */
export interface CommandList {
  readonly commands: readonly ListedCommand[];
  /** Those that no command of the same name replaces. */
  readonly builtIns: readonly BuiltInCommand[];
}

export type ListedCommand = Pick<
  Command,
  | 'name'
  | 'namespace'
  | 'bareName'
  | 'alias'
  | 'kind'
  | 'description'
  | 'argumentHint'
  | 'userInvocable'
  | 'source'
>;

/** The commands of a folder, its user's included, that a pattern means; all of them for an empty one. */
export async function listCommands(
  { commandFolders }: Pick<ProjectSnapshot, 'commandFolders'>,
  pattern: string,
): Promise<CommandList> {
  const catalog = new CommandCatalog({ now: () => performance.now() });
  const all = (await catalog.list(commandFolders)).filter(({ body }) => !body.includes(stubMarker));
  const taken = new Set(all.map(({ name }) => name));
  const matches = helpPattern(pattern);
  return {
    commands: all.filter(matches).map(listed),
    builtIns: builtInCommands.filter((builtIn) => !taken.has(builtIn.name) && matches(builtIn)),
  };
}

function listed(command: Command): ListedCommand {
  const { name, namespace, bareName, alias, kind, description, argumentHint, userInvocable, source } =
    command;
  return { name, namespace, bareName, alias, kind, description, argumentHint, userInvocable, source };
}
