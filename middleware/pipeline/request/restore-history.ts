import type { AskedQuestions, WasAsked } from '../../features/mcp/questions/asked-questions.ts';
import { withoutQuestions } from '../../features/mcp/questions/without-questions.ts';
import { mayHoldQuestion } from '../../features/mcp/questions/question-sign.ts';
import type { SessionMemory, Sessions } from '../../features/sessions/sessions.ts';
import type { ChainedTurn } from '../../features/sessions/session-turns.ts';
import type { Api, Exchange } from '../../kernel/exchange.ts';
import type { RequestStage } from '../../kernel/stage.ts';
import { isForClientAlone } from '../../kernel/turn.ts';
import { codecOf } from '../../protocol/apis/codec-of.ts';
import type { Conversation } from '../../protocol/conversation/conversation.ts';
import { chainedTurnOf, withChain } from '../chained-request.ts';
import { putBackKey } from '../put-back.ts';
import { settlementBehind } from './asked-turn.ts';
import { currentConversation, isAsItCame } from './current-conversation.ts';
import { restoreCalls } from './restore-calls.ts';
import { restoreEdits } from './restore-edits.ts';

interface RestoreHistoryOptions {
  readonly sessions: Sessions;
  readonly askedQuestions: Pick<AskedQuestions, 'known'>;
}

/**
 * Writes the conversation as the model has to see it into the request: with all that was changed in it by this
 * request and every one before, and with the calls and answers that the client never saw. Items that have nothing
 * to do with it keep their bytes. What servers asked users goes to no model, whatever is known of it.
 */
export function createRestoreHistoryStage({ sessions, askedQuestions }: RestoreHistoryOptions): RequestStage {
  return {
    name: 'restore-history',
    run: (exchange) => {
      const chained = chainedTurnOf(exchange, sessions);
      const known = sessions.knownOf(exchange);
      // Most requests end here, before their conversation is looked at.
      const holdsQuestion = mayHoldQuestion(exchange.request.json);
      if (known === undefined && chained === undefined && isAsItCame(exchange) && !holdsQuestion)
        return exchange;
      if (!holdsQuestion) return restoredIn(exchange, { known, chained, wasAsked: undefined });
      return askedQuestions.known().then((wasAsked) => restoredIn(exchange, { known, chained, wasAsked }));
    },
  };
}

interface Restored {
  readonly known: SessionMemory | undefined;
  readonly chained: ChainedTurn | undefined;
  /** `undefined` where no question can be in it. */
  readonly wasAsked: WasAsked | undefined;
}

function restoredIn(exchange: Exchange, { known, chained, wasAsked }: Restored): Exchange {
  const conversation = currentConversation(exchange);
  if (conversation === undefined) return exchange;
  const { api } = exchange.request;
  const all = known === undefined ? conversation : restored(conversation, known, { api, exchange });
  // Those that nothing is known of any more; all others are gone.
  const whole = wasAsked === undefined ? all : withoutQuestions(all, api, wasAsked);
  const written = whole.writtenTo(exchange.request);
  const request =
    chained === undefined
      ? written
      : withChain(written, chained, settlementBehind(chained.turn, conversation, { at: -1, api }));
  return request === exchange.request ? exchange : { ...exchange, request };
}

function restored(
  conversation: Conversation,
  { ledger, turns }: SessionMemory,
  { api, exchange }: { readonly api: Api; readonly exchange: Exchange },
): Conversation {
  const codec = codecOf(api).rounds;
  // What hooks said is for the model that works, and not for one that finds a title.
  const isEdited = codec !== undefined && !ledger.isEmpty && !isForClientAlone(exchange.turn);
  const edited = isEdited ? restoreEdits(conversation, api, ledger) : conversation;
  if (codec === undefined || turns.isEmpty) return edited;
  const { conversation: whole, putBack } = restoreCalls(edited, { api, codec, turns });
  if (putBack !== undefined) exchange.state.set(putBackKey, putBack);
  return whole;
}
