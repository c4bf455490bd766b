import type { Command, Positionals } from '../../features/commands/command.ts';
import { previewCommand } from '../../features/commands/expand/preview-command.ts';
import type { CommandCatalog } from '../../features/commands/find/command-catalog.ts';
import type { MadePrompt, PromptCall } from '../../features/commands/prompt/make-prompt.ts';
import { visibleLine } from '../../kernel/visible-text.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';
import type { OwnTool, OwnToolCaller } from './own-tool.ts';

interface RunCommandOptions {
  readonly catalog: Pick<CommandCatalog, 'find' | 'list'>;
  readonly makePrompt: (call: PromptCall) => Promise<MadePrompt>;
  readonly positionals: Positionals;
}

const maxListed = 50;

/**
 * `run_command`: the prompt that a command of the user or the project stands for. A model may call it, so that it reads no
 * file outside of the project and runs nothing: a command with shell lines, or a script, is for users to call.
 */
export function runCommandTool(options: RunCommandOptions): OwnTool {
  return {
    name: 'run_command',
    description:
      'Tells the prompt that a slash command of this project or its user stands for. Follow what it says. Without a name it lists the commands.',
    annotations: { readOnlyHint: true },
    inputSchema: {
      type: 'object',
      properties: {
        name: { type: 'string', description: 'The command, with or without its slash' },
        arguments: { type: 'string', description: 'What would be typed behind it' },
      },
      additionalProperties: false,
    },
    call: (given, by) => run(given, by, options),
  };
}

async function run(
  { name: written = '', arguments: args = '' }: JsonObject,
  { project, session, signal }: OwnToolCaller,
  { catalog, makePrompt, positionals }: RunCommandOptions,
): Promise<string> {
  if (project === undefined) throw new Error('no project is known here, or you may not use it');
  const name = String(written).replace(/^\//, '');
  if (name === '') return await listText(project, catalog);
  const shown = visibleLine(name, 100);
  const found = await catalog.find(project.commandFolders, name);
  if (found.kind === 'unreadable') throw new Error(`/${shown} cannot be read: ${found.reason}`);
  if (found.kind === 'unknown' || found.command.disableModelInvocation)
    throw new Error(`there is no command /${shown} that may be called here`);
  const { command } = found;
  const call = { args: String(args), effort: undefined, session, signal, project };
  const { workspace } = project;
  const { shellLines, script } = previewCommand(command, call.args, {
    ...{ workspace, sessionId: session, effort: undefined, positionals },
  });
  if (shellLines.length > 0 || script !== undefined)
    throw new Error(`/${shown} runs something when it is called, which only its user may have it do`);
  return textOf(shown, await makePrompt({ ...call, command, conversation: session, isByModel: true }));
}

function textOf(name: string, made: MadePrompt): string {
  switch (made.kind) {
    case 'refused':
      throw new Error(made.message);
    case 'ask':
      throw new Error(`/${name} would read files outside of the project. ${made.howToAllow}`);
    case 'expanded': {
      const before = made.attachments.map((part) => (part.kind === 'text' ? part.text : '[image left out]'));
      return [...before, ...made.blocks].join('\n');
    }
  }
}

async function listText(project: ProjectSnapshot, catalog: RunCommandOptions['catalog']): Promise<string> {
  const all = (await catalog.list(project.commandFolders)).filter(
    (command) => !command.disableModelInvocation,
  );
  if (all.length === 0) return 'There are no commands here.';
  const more = all.length - maxListed;
  return [...all.slice(0, maxListed).map(lineOf), ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
}

function lineOf({ name, argumentHint, description }: Command): string {
  const hint = argumentHint === undefined ? '' : ` ${visibleLine(argumentHint, 100)}`;
  return `/${visibleLine(name, 100)}${hint}: ${visibleLine(description, 200)}`;
}
