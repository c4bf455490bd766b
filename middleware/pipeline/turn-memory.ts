import type { AskedCall, HiddenTurn, TurnPart } from '../features/sessions/session-turns.ts';
import type { Sessions } from '../features/sessions/sessions.ts';
import type { Exchange } from '../kernel/exchange.ts';
import type { JsonObject } from '../kernel/json-object.ts';
import type { RoundCodec } from '../protocol/apis/round-codec.ts';
import { Conversation } from '../protocol/conversation/conversation.ts';
import { branchPlaceOf } from '../protocol/conversation/branch-place.ts';
import { lastSaid } from '../protocol/conversation/place-key.ts';
import { questionKey, saidKey } from '../protocol/conversation/said-key.ts';
import { chainKey } from './chained-request.ts';

/** An answer as far as it was given. */
interface GivenAnswer {
  readonly parts: readonly TurnPart[];
  /** What the client gets of it, in order. */
  readonly shown: readonly JsonObject[];
  readonly asked: AskedCall | undefined;
  /** As in `HiddenTurn`. */
  readonly isBroken: boolean;
  readonly refusals: number;
  /** The key of what it answers, where that is not the last thing in the request. */
  readonly behind: string | undefined;
  /** Where a client may go on from it by an id; `from`: the first part of the last round. */
  readonly lastRound: { readonly id: string; readonly from: number } | undefined;
}

/**
 * The memory of one answer in which model and client do not have the same before them: it is found again by what it
 * answers, by the question that it ends with, and by the id that its client has for it.
 */
export class TurnMemory {
  readonly #exchange: Exchange;
  readonly #codec: RoundCodec;
  readonly #sessions: Sessions;
  readonly #turn: HiddenTurn = {
    ...{ parts: [], texts: [], asked: undefined, deliveredTexts: [] },
    ...{ place: '', behind: '', isBroken: false },
  };
  /** Of what it answers, once it is remembered. */
  #key: string | undefined;
  #clientId: string | undefined;

  constructor(exchange: Exchange, codec: RoundCodec, sessions: Sessions) {
    this.#exchange = exchange;
    this.#codec = codec;
    this.#sessions = sessions;
  }

  /** A round began: a stream keeps the id that it began with, any other answer has its last one. */
  began(id: string | undefined): void {
    this.#clientId = this.#exchange.request.head.stream ? (this.#clientId ?? id) : id;
  }

  /** Keeps the answer; again where something was added to it. */
  remember({ parts, shown, asked, isBroken, refusals, behind, lastRound }: GivenAnswer): void {
    const turn = this.#turn;
    turn.parts = parts;
    turn.texts = textsOf(shown, this.#codec);
    turn.asked = asked;
    turn.isBroken = isBroken;
    turn.refusals = refusals;
    this.#key = behind ?? this.#key;
    if (lastRound !== undefined && this.#clientId !== undefined)
      this.#sessions.chained.set(chainKey(this.#exchange, this.#clientId), { ...lastRound, turn });
    this.#name(asked === undefined ? [] : questionsIn(shown, this.#codec));
  }

  /** Keeps by what texts the client knows those of the answer. */
  given(shown: readonly JsonObject[], given: readonly JsonObject[]): void {
    if (this.#key === undefined) return;
    const [own, changed] = [this.#codec.textsOf(shown), this.#codec.textsOf(given)];
    // An answer that consists of other pieces now cannot be told apart again.
    if (own.length !== changed.length) return;
    this.#turn.deliveredTexts = changed.map((text, index) => [text, own[index] ?? text]);
    this.#name(this.#turn.asked === undefined ? [] : questionsIn(given, this.#codec));
  }

  #name(questions: readonly string[]): void {
    const conversation = Conversation.of(this.#exchange.request);
    const session = this.#sessions.keyOf(this.#exchange);
    if (session === undefined || conversation === undefined) return;
    const { turns } = this.#sessions.open(session);
    this.#key ??= saidKey(lastSaid(conversation));
    if (this.#turn.place === '') this.#turn.place = this.#placeForClient();
    turns.keep(this.#turn, this.#key);
    for (const question of questions) turns.ask(this.#turn, question);
  }

  #placeForClient(): string {
    const received = Conversation.of(this.#exchange.received);
    return received === undefined ? '' : branchPlaceOf(received, received.length);
  }
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
