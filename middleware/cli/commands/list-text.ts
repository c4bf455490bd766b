import { visibleLine } from '../../kernel/visible-text.ts';
import { shortPath, type Places } from '../config/short-path.ts';
import { table } from '../print.ts';
import type { CommandList, ListedCommand } from './list-commands.ts';

const maxDescription = 70;

/** The commands for people: how each is called, what it does, and the file that it comes from. */
export function commandListText({ commands, builtIns }: CommandList, places: Places): string {
  const rows = [
    ...commands.map((command) => [
      callText(command),
      visibleLine(command.description, maxDescription),
      command.userInvocable ? labelOf(command) : `${labelOf(command)}, called by the model only`,
      shortPath(command.source.file, places),
    ]),
    ...builtIns.map((builtIn) => [callText(builtIn), builtIn.description, 'built in']),
  ];
  return rows.length === 0 ? 'no command has this name or description' : table(rows);
}

function callText({ name, argumentHint }: Pick<ListedCommand, 'name' | 'argumentHint'>): string {
  return visibleLine(`/${name} ${argumentHint ?? ''}`, 50);
}

/** Where a command is from: `project`, or `project:frontend` for one in a folder. */
function labelOf({ source, namespace }: ListedCommand): string {
  return namespace === '' ? source.scope : `${source.scope}:${visibleLine(namespace, 50)}`;
}
