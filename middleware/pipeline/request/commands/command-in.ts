import { mayBePromptOf } from '../../../features/mcp/contents/prompt-command.ts';
import { builtInCommands } from '../../../features/commands/built-in-commands.ts';
import type { CommandCatalog } from '../../../features/commands/find/command-catalog.ts';
import { matchCommand, type CommandCall } from '../../../features/commands/match-command.ts';
import { stubCommandOf } from '../../../features/commands/stubs/skill-stub.ts';
import type { Exchange } from '../../../kernel/exchange.ts';
import type { ProjectSnapshot } from '../../../platform/config/scopes/project-snapshot.ts';
import type { UserPrompt } from '../../../protocol/conversation/user-prompt.ts';

export type Finder = Pick<CommandCatalog, 'find'>;

/** The command that a prompt calls, if it has the form of a call. */
export function commandIn(prompt: UserPrompt, { client }: Pick<Exchange, 'client'>): CommandCall | undefined {
  return stubCommandOf(prompt) ?? matchCommand(prompt.text, { isCodex: client.kind === 'codex' });
}

/** What a prompt calls that answers no question: a command that is answered here, or one that becomes a prompt. */
type CalledKind = 'answered' | 'prompt';

/** Which of them it calls, if any: commands of files and prompts of servers stand before ours, as where they are run. */
export async function calledKind(
  prompt: UserPrompt,
  exchange: Pick<Exchange, 'client'>,
  { project, catalog }: { readonly project: ProjectSnapshot | undefined; readonly catalog: Finder },
): Promise<CalledKind | undefined> {
  const name = commandIn(prompt, exchange)?.name;
  if (name === undefined) return undefined;
  if (project !== undefined && (await isOfProject(name, project, catalog))) return 'prompt';
  return builtInCommands.some((command) => command.name === name) ? 'answered' : undefined;
}

async function isOfProject(
  name: string,
  { commandFolders, mcpServers }: ProjectSnapshot,
  catalog: Finder,
): Promise<boolean> {
  const found = await catalog.find(commandFolders, name);
  return found.kind !== 'unknown' || [...mcpServers.keys()].some((server) => mayBePromptOf(server, name));
}
