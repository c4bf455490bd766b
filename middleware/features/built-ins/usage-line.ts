import { builtInCommands } from '../commands/built-in-commands.ts';
import { callSignOf } from '../commands/help/call-sign.ts';
import type { BuiltInContext } from './built-in-context.ts';
import { codeSpan } from './code-markdown.ts';

/** The answer to arguments that make no sense: how a built-in command is called. */
export function usageLine(name: string, { exchange }: Pick<BuiltInContext, 'exchange'>): string {
  const sign = callSignOf(exchange);
  const hint = builtInCommands.find((command) => command.name === name)?.argumentHint;
  return `Usage: ${codeSpan(hint === undefined ? sign + name : `${sign}${name} ${hint}`)}\n`;
}
