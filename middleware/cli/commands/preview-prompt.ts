import { builtInCommands } from '../../features/commands/built-in-commands.ts';
import { CommandCatalog } from '../../features/commands/find/command-catalog.ts';
import type { Command, Positionals } from '../../features/commands/command.ts';
import { matchCommand, type CommandCall } from '../../features/commands/match-command.ts';
import { previewCommand, type CommandPreview } from '../../features/commands/expand/preview-command.ts';
import type { Decision } from '../../features/policy/decision.ts';
import type { TrustStore } from '../../features/trust/trust-store.ts';
import { closestName } from '../../platform/config/closest-name.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';
import { commandPermissions } from '../../features/commands/prompt/command-permissions.ts';
import { subjectOfCommand } from '../../features/commands/subject-of-command.ts';
import { CliError, exitCodes } from '../cli-error.ts';
import { trustStateOf, type TrustState } from '../trust/trust-state.ts';

/** What a prompt would become, without anything being run or sent. */
export type PromptPreview = BuiltInPreview | CommandPromptPreview;

interface BuiltInPreview {
  readonly kind: 'built-in';
  readonly name: string;
}

export interface CommandPromptPreview extends Omit<CommandPreview, 'shellLines'> {
  readonly kind: 'command';
  readonly name: string;
  readonly source: Command['source'];
  readonly shellLines: readonly {
    readonly command: string;
    /** What the permission rules say; only `allow` runs. */
    readonly decision: Decision;
  }[];
  /** Of its shell lines or its script; `not-needed` also where it has none. */
  readonly trust: TrustState;
}

interface PreviewOptions {
  readonly project: ProjectSnapshot;
  readonly store: TrustStore;
  readonly positionals: Positionals;
}

/** Shows what a prompt that calls a command would become. Throws a CliError for one that calls none. */
export async function previewPrompt(prompt: string, options: PreviewOptions): Promise<PromptPreview> {
  const call = matchCommand(prompt, { isCodex: true });
  if (call === undefined) {
    throw new CliError('a prompt that calls a command begins with a slash: /name …', exitCodes.usage);
  }
  const catalog = new CommandCatalog({ now: () => performance.now() });
  const { commandFolders } = options.project;
  const found = await catalog.find(commandFolders, call.name);
  switch (found.kind) {
    case 'command':
      return previewOf(found.command, call, options);
    case 'unreadable':
      throw new CliError(`/${found.name} cannot be read: ${found.reason}`);
    case 'unknown':
      break;
  }
  const builtIns = builtInCommands.map(({ name }) => name);
  if (builtIns.includes(call.name)) return { kind: 'built-in', name: call.name };
  const names = [...(await catalog.list(commandFolders)).map(({ name }) => name), ...builtIns];
  const closest = closestName(call.name, names);
  const question = closest === undefined ? '' : ` Did you mean /${closest}?`;
  throw new CliError(`there is no command /${call.name}: the prompt passes as it is.${question}`);
}

async function previewOf(
  command: Command,
  { args }: CommandCall,
  { project, store, positionals }: PreviewOptions,
): Promise<CommandPromptPreview> {
  const { name, source } = command;
  if (!command.userInvocable) throw new CliError(`/${name} is for the model; a user cannot call it`);
  const preview = previewCommand(command, args, {
    workspace: project.workspace,
    // Not known before it runs, so that it stands as it is written.
    sessionId: '${CLAUDE_SESSION_ID}',
    effort: undefined,
    positionals,
  });
  const { shell } = commandPermissions(project, command);
  const shellLines = preview.shellLines.map((line) => ({ command: line, decision: shell(line) }));
  const runs = shellLines.length > 0 || preview.script !== undefined;
  const subject = runs ? subjectOfCommand(command, project.workspace) : undefined;
  return { kind: 'command', name, source, ...preview, shellLines, trust: await trustStateOf(subject, store) };
}
