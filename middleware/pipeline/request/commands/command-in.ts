import { builtInCommands } from '../../../features/commands/built-in-commands.ts';
import { matchCommand, type CommandCall } from '../../../features/commands/match-command.ts';
import { stubCommandOf } from '../../../features/commands/stubs/skill-stub.ts';
import type { Exchange } from '../../../kernel/exchange.ts';
import type { UserPrompt } from '../../../protocol/conversation/user-prompt.ts';

/** The command that a prompt calls, if it has the form of a call. */
export function commandIn(prompt: UserPrompt, { client }: Pick<Exchange, 'client'>): CommandCall | undefined {
  return stubCommandOf(prompt) ?? matchCommand(prompt.text, { isCodex: client.kind === 'codex' });
}

/** Whether a prompt calls a command of ours, which answers no question. */
export function callsBuiltIn(prompt: UserPrompt, exchange: Pick<Exchange, 'client'>): boolean {
  const name = commandIn(prompt, exchange)?.name;
  return builtInCommands.some((command) => command.name === name);
}
