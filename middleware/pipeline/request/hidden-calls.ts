import type { ChainedTurn, HiddenTurns, SessionTurns } from '../../features/sessions/hidden-turns.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import type { RequestStage } from '../../kernel/stage.ts';
import { Conversation } from '../../protocol/conversation/conversation.ts';
import { codecOf } from '../../protocol/apis/codec-of.ts';
import type { RoundCodec } from '../../protocol/apis/round-codec.ts';
import { sessionKey } from '../../protocol/conversation/session-key.ts';
import { chainedTurnOf, withChain } from '../chained-request.ts';
import { putBack } from './put-back.ts';
import { resumeAsked } from './resume-asked.ts';

/** The two stages of calls that their clients never saw. */
export interface HiddenCallsStages {
  /** Takes the user's word on a call; stands before whatever reads the user's prompt, or changes how a conversation begins. */
  readonly answerAsked: RequestStage;
  /** Puts the calls back; stands behind whatever looks at the outputs of tools: what a client did not run has no hooks. */
  readonly putBackCalls: RequestStage;
}

/** What is known of the conversation of a request. */
interface Hidden {
  readonly turns: SessionTurns | undefined;
  readonly chained: ChainedTurn | undefined;
  readonly conversation: Conversation;
  readonly codec: RoundCodec;
}

/** Makes requests whole again after calls were refused or asked about in earlier answers; see the filter `check-tool-calls`. */
export function createHiddenCallsStages(memory: HiddenTurns): HiddenCallsStages {
  const hiddenIn = (exchange: Exchange): Hidden | undefined => {
    if (!memory.isUsed) return undefined;
    const session = sessionKey(exchange);
    const turns = session === undefined ? undefined : memory.find(session);
    const chained = chainedTurnOf(exchange, memory);
    // Most requests end here, before their conversation is looked at.
    if (turns === undefined && chained === undefined) return undefined;
    const codec = codecOf(exchange.request.api).rounds;
    const conversation = Conversation.of(exchange.request);
    return codec === undefined || conversation === undefined
      ? undefined
      : { turns, chained, conversation, codec };
  };
  return {
    answerAsked: {
      name: 'answer-asked',
      run: (exchange) => {
        const known = exchange.turn.kind === 'user' ? hiddenIn(exchange) : undefined;
        return known === undefined ? exchange : resumeAsked(exchange, { ...known, memory });
      },
    },
    putBackCalls: {
      name: 'put-back-calls',
      run: (exchange) => {
        const known = hiddenIn(exchange);
        if (known === undefined) return exchange;
        const { turns, chained, conversation, codec } = known;
        const { api } = exchange.request;
        const whole = turns === undefined ? exchange.request : putBack(conversation, { api, codec, turns });
        const request = chained === undefined ? whole : withChain(whole, chained);
        return request === exchange.request ? exchange : { ...exchange, request };
      },
    },
  };
}
