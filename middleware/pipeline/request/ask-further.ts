import type { NextQuestion } from '../../features/sessions/session-turns.ts';
import type { Sessions } from '../../features/sessions/sessions.ts';
import { StateKey } from '../../kernel/exchange-state.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import { isJsonObject } from '../../kernel/json-object.ts';
import type { Reply } from '../../kernel/reply.ts';
import type { RequestStage } from '../../kernel/stage.ts';
import { codecOf } from '../../protocol/apis/codec-of.ts';
import { holdsNone } from '../../protocol/apis/common/holds-none.ts';
import { localHeadOf } from '../../protocol/local-head.ts';
import { answerLocally } from '../answer-locally.ts';
import { TurnMemory } from '../turn-memory.ts';

/** A question that the user is asked in the place of an answer of the model. */
interface FurtherQuestion extends NextQuestion {
  /** The answer of the provider that it stands behind, where the request goes on from that by its id. */
  readonly chainId: string | undefined;
}

/** Of an exchange whose newest message answered a question, and got another one for it. */
export const furtherKey = new StateKey<FurtherQuestion>('further question');

/**
 * Asks the user what a call that runs here wants to know behind the answer to another question. Behind
 * `restore-history`: it is remembered by what stands before it in the conversation as the model has to see it.
 */
export function createAskFurtherStage(sessions: Sessions): RequestStage {
  return {
    name: 'ask-further',
    run: (exchange) => {
      const further = exchange.state.get(furtherKey);
      return further === undefined ? exchange : askFurther(exchange, further, sessions);
    },
  };
}

function askFurther(
  exchange: Exchange,
  { text, asked, chainId }: FurtherQuestion,
  sessions: Sessions,
): Exchange | Reply {
  const { rounds: codec, local } = codecOf(exchange.request.api);
  if (codec === undefined) return exchange;
  const head = localHeadOf(exchange);
  const item = codec.textItem(head, text);
  const memory = new TurnMemory(exchange, codec, sessions);
  const { json } = local.answer(head, text);
  memory.began(isJsonObject(json) ? codec.readAnswer(json, holdsNone).chainId : undefined);
  memory.remember({
    parts: [{ kind: 'ours', keys: codec.keysOf(item) }],
    shown: [item],
    asked,
    lastRound: chainId === undefined ? undefined : { id: chainId, from: 0 },
  });
  return answerLocally(exchange, text, { sessions, isInChain: chainId !== undefined });
}
