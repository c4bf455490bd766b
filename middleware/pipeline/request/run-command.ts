import { hasStub, mayCallCommand, mayNameResource } from '../../protocol/conversation/may-call-command.ts';
import { shownConversation } from '../../features/sessions/shown-conversation.ts';
import type { CommandTurn } from '../../features/sessions/ledger.ts';
import type { Sessions } from '../../features/sessions/sessions.ts';
import type { ApiRequest, Exchange } from '../../kernel/exchange.ts';
import type { RequestStage } from '../../kernel/stage.ts';
import type { Conversation } from '../../protocol/conversation/conversation.ts';
import { withEffort } from '../../protocol/effort.ts';
import { newestUserPrompt } from '../../protocol/conversation/user-prompt.ts';
import { withModel } from '../../protocol/with-model.ts';
import { codecOf } from '../../protocol/apis/codec-of.ts';
import { answersServer } from './asked-turn.ts';
import { CommandRun, type CommandRunOptions } from './commands/command-run.ts';
import { withoutStubs } from './commands/without-stubs.ts';
import { currentConversation, editConversation } from './current-conversation.ts';

/**
 * Commands, and what they became before. A built-in command and a question are answered here; any other command
 * becomes the prompt that it stands for, which is the one that hooks and models get. What has no command's name
 * goes on untouched.
 */
export function createRunCommandStage(options: CommandRunOptions): RequestStage {
  const { sessions, references } = options;
  return {
    name: 'run-command',
    run: (exchange) => {
      const { json } = exchange.request;
      const mayCall =
        mayCallCommand(json) || (references === 'prompts' ? json.includes('@') : mayNameResource(json));
      if (!mayCall && sessions.knownOf(exchange) === undefined) return exchange;
      const conversation = currentConversation(exchange);
      const session = sessions.keyOf(exchange);
      if (conversation === undefined || conversation.length === 0 || session === undefined) return exchange;
      const { turn, request } = exchange;
      const prompt = turn.kind === 'user' ? newestUserPrompt(conversation, request.api) : undefined;
      if (prompt === undefined) return shown(exchange, conversation, sessions);
      const reply = new CommandRun(options, exchange, conversation, session).take(prompt);
      return reply.then(
        (answer) => answer ?? shown(exchange, currentConversation(exchange) ?? conversation, sessions),
      );
    },
  };
}

/**
 * The exchange as hooks are to see it. The turn of the newest prompt has the model and the effort of the command
 * that it came from.
 */
function shown(exchange: Exchange, conversation: Conversation, sessions: Sessions): Exchange {
  const { request } = exchange;
  const known = sessions.knownOf(exchange);
  const { conversation: edited, turn } =
    known === undefined
      ? { conversation, turn: undefined }
      : shownConversation(conversation, known, (index) =>
          answersServer(index, conversation, { codec: codecOf(request.api).rounds, known: known.turns }),
        );
  editConversation(exchange, hasStub(request.json) ? withoutStubs(edited) : edited);
  return turn === undefined
    ? exchange
    : { ...exchange, request: withTurnOf(request, turn), called: turn.called };
}

function withTurnOf(request: ApiRequest, { model, effort }: CommandTurn): ApiRequest {
  const withOwnModel = model === undefined ? request : withModel(request, model);
  return effort === undefined ? withOwnModel : withEffort(withOwnModel, effort);
}
