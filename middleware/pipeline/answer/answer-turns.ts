import type { ChainedTurn, HiddenTurn, HiddenTurns, TurnPart } from '../../features/sessions/hidden-turns.ts';
import { StateKey } from '../../kernel/exchange-state.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import { Conversation } from '../../protocol/conversation/conversation.ts';
import type { HistoryItem } from '../../protocol/apis/history-item.ts';
import type { RoundCodec } from '../../protocol/apis/round-codec.ts';
import { sessionKey } from '../../protocol/conversation/session-key.ts';
import { chainKey } from '../chained-request.ts';
import { isPassedOver, questionKey, saidKey } from '../../protocol/conversation/said-key.ts';

/** A stretch of an answer. */
export interface AnswerPiece {
  readonly parts: readonly TurnPart[];
  /** What the client gets of it, in order. */
  readonly shown: readonly JsonObject[];
  /** A call in it that the user is asked about. */
  readonly asked?: HiddenTurn['asked'];
  /** Where a client may go on from it by an id. */
  readonly chain?: Omit<ChainedTurn, 'turn'> | undefined;
  /** The id that the answer has for its client, as far as this stretch tells. */
  readonly clientId?: string | undefined;
}

/** An answer that is under way, or was given. */
interface OpenTurn {
  readonly turn: HiddenTurn;
  readonly shown: readonly JsonObject[];
  readonly clientId: string | undefined;
}

const openTurnKey = new StateKey<OpenTurn>('open turn');

/**
 * Remembers answers in which model and client do not have the same before them, while they are given: by what they answer, by the
 * question that they end with, and by the id that their clients have for them. An answer is one turn, whoever adds to it.
 */
export class AnswerTurns {
  readonly #memory: HiddenTurns;

  constructor(memory: HiddenTurns) {
    this.#memory = memory;
  }

  /** How many parts are known of an answer; none of one that its client has seen all of. */
  count({ state }: Exchange): number {
    return state.get(openTurnKey)?.turn.parts.length ?? 0;
  }

  /** What the model knows of an answer, behind so many parts of it. */
  historyItems({ state }: Exchange, from: number): readonly HistoryItem[] {
    const { turn, shown } = state.get(openTurnKey) ?? { turn: undefined, shown: [] };
    const items = shown.values();
    const all = (turn?.parts ?? []).map((part): readonly HistoryItem[] => {
      if (part.kind === 'hidden') return [part.historyItem];
      const item = items.next().value;
      return part.kind === 'ours' || item === undefined ? [] : [{ kind: 'said', item }];
    });
    return all.slice(from).flat();
  }

  /** Whether the answer ends with a question to the user. */
  isAsking({ state }: Exchange): boolean {
    return state.get(openTurnKey)?.turn.asked !== undefined;
  }

  /** Adds what comes next in an answer. Of an answer that is remembered, every stretch has to be. */
  add(exchange: Exchange, codec: RoundCodec, piece: AnswerPiece): void {
    const known = exchange.state.get(openTurnKey);
    const turn = known?.turn ?? { parts: [], texts: [], asked: undefined, told: new Map() };
    const from = turn.parts.length;
    const shown = [...(known?.shown ?? []), ...piece.shown];
    // A stream keeps the id that it began with.
    const clientId = exchange.request.head.stream ? (known?.clientId ?? piece.clientId) : piece.clientId;
    turn.parts = [...turn.parts, ...piece.parts];
    turn.texts = textsOf(shown, codec);
    turn.asked = piece.asked;
    exchange.state.set(openTurnKey, { turn, shown, clientId });
    const { chain } = piece;
    if (chain !== undefined && clientId !== undefined)
      this.#memory.chain(chainKey(exchange, clientId), { id: chain.id, from: from + chain.from, turn });
    this.#name(exchange, turn, {
      isNew: known === undefined,
      questions: piece.asked === undefined ? [] : questionsIn(shown, codec),
    });
  }

  /** Takes note of what the client really gets of an answer, where something changes its texts on the way. */
  told(exchange: Exchange, codec: RoundCodec, given: readonly JsonObject[]): void {
    const known = exchange.state.get(openTurnKey);
    if (known === undefined) return;
    const { turn, shown } = known;
    const [own, changed] = [codec.textsOf(shown), codec.textsOf(given)];
    // An answer that consists of other pieces now cannot be told apart again.
    if (own.length !== changed.length) return;
    turn.told = new Map(changed.map((text, index) => [text, own[index] ?? text]));
    const questions = turn.asked === undefined ? [] : questionsIn(given, codec);
    this.#name(exchange, turn, { isNew: false, questions });
  }

  #name(
    exchange: Exchange,
    turn: HiddenTurn,
    { isNew, questions }: { readonly isNew: boolean; readonly questions: readonly string[] },
  ): void {
    const session = sessionKey(exchange);
    const conversation = Conversation.of(exchange.request);
    if (session === undefined || conversation === undefined) return;
    if (isNew) this.#memory.add(session, turn, saidKey(lastSaid(conversation)));
    else this.#memory.grown(session, turn);
    for (const question of questions) this.#memory.ask(session, turn, question);
  }
}

function lastSaid(conversation: Conversation): JsonObject | undefined {
  for (let at = conversation.length - 1; at >= 0; at -= 1) {
    const item = conversation.at(at);
    if (!isPassedOver(item)) return item;
  }
  return undefined;
}

/** Of an API whose pieces have names of their own none are needed. */
function textsOf(shown: readonly JsonObject[], { textOf }: RoundCodec): readonly string[] {
  const texts = textOf === undefined ? [] : shown.map((part) => textOf([part]));
  return texts.filter((text) => text !== '');
}

/** The last piece is the question; where pieces have no names, the client has one text of them all. */
function questionsIn(shown: readonly JsonObject[], { textOf, keysOf }: RoundCodec): readonly string[] {
  const last = shown.at(-1);
  if (last === undefined) return [];
  return textOf === undefined ? keysOf(last) : [questionKey(textOf(shown))];
}
