import { builtInCommands } from '../../features/commands/built-in-commands.ts';
import { codeSpan } from './code-markdown.ts';

/** The answer to arguments that make no sense: how a built-in command is called. */
export function usageLine(name: string): string {
  const hint = builtInCommands.find((command) => command.name === name)?.argumentHint;
  return `Usage: ${codeSpan(hint === undefined ? `/${name}` : `/${name} ${hint}`)}\n`;
}
