import type { Prompt } from '@modelcontextprotocol/client';
import { visibleLine } from '../../../kernel/visible-text.ts';
import { claudeToolName } from '../../../protocol/claude-tools/mcp-tool-name.ts';

/** A prompt of a server as a command that users call. */
export interface PromptCommand {
  /** What is typed after the slash: `mcp__notes__summarise`. */
  readonly name: string;
  readonly server: string;
  /** What the server calls it. */
  readonly prompt: string;
  readonly description: string;
  /** In the order in which their values are typed. */
  readonly args: readonly PromptArgument[];
}

interface PromptArgument {
  readonly name: string;
  readonly isRequired: boolean;
}

const maxName = 200;
const maxArguments = 50;
const maxDescription = 300;

/** The prompts of a server as commands; one with a name that nobody would type is left out. */
export function promptCommands(server: string, prompts: readonly Prompt[]): readonly PromptCommand[] {
  return prompts
    .filter(({ name }) => name !== '' && name.length <= maxName)
    .map(({ name, title, description, arguments: args = [] }) => ({
      ...{ server, name: claudeToolName(server, name), prompt: name },
      description: visibleLine(description ?? title ?? `Prompt of the MCP server ${server}`, maxDescription),
      args: args
        .slice(0, maxArguments)
        .map((one) => ({ name: visibleLine(one.name, maxName), isRequired: one.required === true })),
    }));
}

/** Whether a command's name may be one of a prompt of a server. */
export function mayBePromptOf(server: string, name: string): boolean {
  return name.startsWith(claudeToolName(server, ''));
}

/** How its arguments are typed: `<who> [how]`; `undefined` where it has none. */
export function promptHint({ args }: Pick<PromptCommand, 'args'>): string | undefined {
  if (args.length === 0) return undefined;
  return args.map(({ name, isRequired }) => (isRequired ? `<${name}>` : `[${name}]`)).join(' ');
}
