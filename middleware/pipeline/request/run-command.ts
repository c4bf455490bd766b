import { Conversation } from '../../protocol/conversation/conversation.ts';
import { mayCallCommand } from '../../protocol/conversation/may-call-command.ts';
import { namedSessionKey, sessionKey } from '../../protocol/conversation/session-key.ts';
import type { SessionMemory } from '../../features/sessions/session-memory.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import type { RequestStage } from '../../kernel/stage.ts';
import { CommandRun, type CommandRunOptions } from './commands/command-run.ts';

/**
 * The user's answer to our last question, and commands. A built-in command and a question are answered here; any
 * other command becomes the prompt that it stands for. What has no command's name goes on untouched.
 */
export function createRunCommandStage(options: CommandRunOptions): RequestStage {
  return {
    name: 'run-command',
    run: (exchange) => {
      const { request } = exchange;
      const mayCall =
        mayCallCommand(request.json) || (options.references === 'prompts' && request.json.includes('@'));
      if (!mayCall && !mayBeKnown(exchange, options.memory)) return exchange;
      const conversation = Conversation.of(request);
      if (conversation === undefined || conversation.length === 0) return exchange;
      const session = sessionKey(exchange);
      if (session === undefined || (!mayCall && options.memory.find(session) === undefined)) return exchange;
      return new CommandRun(options, exchange, conversation, session).run();
    },
  };
}

/** Whether something may have been changed in the conversation before. A client without a name for it is known by how it begins. */
function mayBeKnown({ turn, caller }: Exchange, memory: SessionMemory): boolean {
  if (turn.sessionId === undefined) return !memory.isEmpty;
  return memory.find(namedSessionKey(turn.sessionId, caller)) !== undefined;
}
