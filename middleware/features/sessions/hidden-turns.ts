import type { JsonObject } from '../../kernel/json-object.ts';
import { BoundedMap } from '../../platform/config/scopes/bounded-map.ts';
import type { Atom } from '../../protocol/tool-calls/atom.ts';

/** One piece of an answer, in the order in which the model knows them. */
export type TurnPart =
  /** The client has it, and sends it again; by what it is recognised then. */
  | { readonly kind: 'seen'; readonly keys: readonly string[] }
  /** The model said it, or was told it, and the client never saw it. */
  | { readonly kind: 'hidden'; readonly atom: Atom }
  /** We said it to the user; the model does not get to see it. */
  | { readonly kind: 'ours'; readonly keys: readonly string[] };

/** A call that the user is asked about. */
export interface AskedCall {
  /** As it stands in an answer of the client's API. */
  readonly item: JsonObject;
  /** The calls of its round that the client has not got, itself among them, in order; and the outputs of the others. */
  readonly said: readonly JsonObject[];
  readonly outputs: readonly Atom[];
  /** Keeps the user's word. */
  readonly answered: (answer: 'yes' | 'no' | 'always') => Promise<void>;
  /** What became of it; `undefined` while nobody has answered. */
  outcome: 'released' | 'refused' | undefined;
}

/** An answer in which model and client do not have the same before them. */
export interface HiddenTurn {
  parts: readonly TurnPart[];
  /** The texts of the answer as the client got them, in order, ours among them. */
  texts: readonly string[];
  asked: AskedCall | undefined;
  /** Texts that the client has in other words, by these: what goes to the user may be changed on its way. */
  told: ReadonlyMap<string, string>;
}

/** An answer that a client may go on from by its id, without sending the conversation. */
export interface ChainedTurn {
  /** The id that the provider knows: an answer of several rounds has the first one's for its client. */
  readonly id: string;
  readonly turn: HiddenTurn;
  /** The parts of the last round, of which the provider has the calls and not the outputs. */
  readonly from: number;
}

/** The turns of one conversation. */
export interface SessionTurns {
  /** By what they answer; the oldest first, as in the conversation. */
  readonly behind: BoundedMap<string, readonly HiddenTurn[]>;
  /** Those that asked the user something, by the question. */
  readonly asking: BoundedMap<string, HiddenTurn>;
}

const maxSessions = 2_000;
const maxTurns = 500;
const maxChained = 10_000;
/** Answers to the same words that are told apart by what is in them. */
const maxAlike = 64;

/**
 * What models said that their clients never saw, and the reverse. Clients send the whole conversation with every request, so that
 * it has to be put back each time, for the model to know what it did and why nothing came of it.
 */
export class HiddenTurns {
  readonly #sessions = new BoundedMap<string, SessionTurns>(maxSessions);
  readonly #chained = new BoundedMap<string, ChainedTurn>(maxChained);
  #isUsed = false;

  /** Whether there ever was one; without, nobody need find out the name of a conversation. */
  get isUsed(): boolean {
    return this.#isUsed;
  }

  find(session: string): SessionTurns | undefined {
    return this.#sessions.get(session);
  }

  /** Remembers an answer by what it answers. */
  add(session: string, turn: HiddenTurn, behind: string): void {
    const turns = this.#sessionOf(session);
    turns.behind.set(behind, [...(turns.behind.get(behind) ?? []), turn].slice(-maxAlike));
  }

  /** Remembers an answer by what it asks the user. */
  ask(session: string, turn: HiddenTurn, question: string): void {
    this.#sessionOf(session).asking.set(question, turn);
  }

  /** Remembers an answer by the id that its client has for it. */
  chain(clientId: string, chained: ChainedTurn): void {
    this.#chained.set(clientId, chained);
    this.#isUsed = true;
  }

  chained(clientId: string): ChainedTurn | undefined {
    return this.#chained.get(clientId);
  }

  #sessionOf(session: string): SessionTurns {
    this.#isUsed = true;
    const known = this.#sessions.get(session);
    if (known !== undefined) return known;
    const turns: SessionTurns = { behind: new BoundedMap(maxTurns), asking: new BoundedMap(maxTurns) };
    this.#sessions.set(session, turns);
    return turns;
  }
}
