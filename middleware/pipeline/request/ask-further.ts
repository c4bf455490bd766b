import type { AskedCall, TurnPart } from '../../features/sessions/session-turns.ts';
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

/** What the user reads in the place of an answer of the model: another question, or why the turn ends. */
export interface FurtherText {
  readonly text: string;
  /** The call that asks. */
  readonly asked: AskedCall | undefined;
  /** What the answers before it came to, which a provider whose answer the request goes on from has yet to get. */
  readonly parts: readonly TurnPart[];
  /** That answer of the provider, where the request goes on from it by its id. */
  readonly chainId: string | undefined;
}

/** Of an exchange whose newest message answered a question, and got a text of ours for it. */
export const furtherKey = new StateKey<FurtherText>('further text');

/**
 * Asks the user what a call that runs here wants to know behind the answer to another question, or says why a hook ends the
 * turn behind the call. Behind
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
  { text, asked, parts, chainId }: FurtherText,
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
    // A client that sends the whole conversation has the question before it, which they are put behind.
    parts: [...(chainId === undefined ? [] : parts), { kind: 'ours', keys: codec.keysOf(item) }],
    shown: [item],
    asked,
    ...{ isBroken: false, refusals: 0, behind: undefined },
    lastRound: chainId === undefined ? undefined : { id: chainId, from: 0 },
  });
  return answerLocally(exchange, text, { sessions, isInChain: chainId !== undefined });
}
