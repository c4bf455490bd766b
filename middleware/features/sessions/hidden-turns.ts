import type { JsonObject } from '../../kernel/json-object.ts';
import { roughSize } from '../../kernel/rough-size.ts';
import { BoundedMap } from '../../kernel/bounded-map.ts';
import type { HistoryItem } from '../../protocol/apis/history-item.ts';

/** One piece of an answer, in the order in which the model knows them. */
export type TurnPart =
  /** The client has it, and sends it again; by what it is recognised then. */
  | { readonly kind: 'seen'; readonly keys: readonly string[] }
  /** The model said it, or was told it, and the client never saw it. */
  | { readonly kind: 'hidden'; readonly historyItem: HistoryItem }
  /** We said it to the user; the model does not get to see it. */
  | { readonly kind: 'ours'; readonly keys: readonly string[] };

/** A call that the user is asked about. */
export interface AskedCall {
  /** As it stands in an answer of the client's API. */
  readonly item: JsonObject;
  /** The calls of its round that the client has not got, itself among them, in order; and the outputs of the others. */
  readonly said: readonly JsonObject[];
  readonly outputs: readonly HistoryItem[];
  /** Keeps the user's word. */
  readonly answered: (answer: 'yes' | 'no' | 'always') => Promise<void>;
  /** What became of it by the user's last word; `undefined` while nobody has answered. */
  outcome: 'released' | 'refused' | undefined;
  /** That word; `other`: a message that is no answer. */
  word?: 'yes' | 'no' | 'always' | 'other';
  /** The parts of the answer without what came of the call: a user who goes back may say something else. */
  partsBefore?: readonly TurnPart[];
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
/** What all conversations together may hold, in characters: what a model says may be as long as an answer. */
const maxTotalSize = 128 * 1024 * 1024;
/** Answers to the same words that are told apart by what is in them. */
const maxAlike = 64;

/**
 * What models said that their clients never saw, and the reverse. Clients send the whole conversation with every request, so that
 * it has to be put back each time, for the model to know what it did and why nothing came of it.
 */
export class HiddenTurns {
  readonly #sessions: BoundedMap<string, SessionTurns>;
  readonly #chained: BoundedMap<string, ChainedTurn>;
  readonly #maxTotalSize: number;
  /** Where a turn is kept, to count it again when it has grown. */
  readonly #places = new WeakMap<HiddenTurn, () => void>();
  #isUsed = false;

  constructor(options: { readonly maxTotalSize?: number } = {}) {
    this.#maxTotalSize = options.maxTotalSize ?? maxTotalSize;
    const maxSize = this.#maxTotalSize;
    this.#sessions = new BoundedMap(maxSessions, {
      maxSize,
      sizeOf: ({ behind, asking }) => behind.totalSize + asking.totalSize,
    });
    this.#chained = new BoundedMap(maxChained, { maxSize, sizeOf: ({ turn }) => sizeOfTurn(turn) });
  }

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
    this.#sessions.set(session, turns);
    this.#places.set(turn, () => {
      const known = this.#sessions.get(session)?.behind;
      const alike = known?.get(behind);
      if (alike?.includes(turn) === true) known?.set(behind, alike);
    });
  }

  /** Counts an answer again to which something was added. */
  grown(session: string, turn: HiddenTurn): void {
    this.#places.get(turn)?.();
    const turns = this.#sessions.get(session);
    if (turns !== undefined) this.#sessions.set(session, turns);
  }

  /** Remembers an answer by what it asks the user. */
  ask(session: string, turn: HiddenTurn, question: string): void {
    const turns = this.#sessionOf(session);
    turns.asking.set(question, turn);
    this.#sessions.set(session, turns);
  }

  /** Remembers an answer by the key that its client goes on from it with. */
  chain(key: string, chained: ChainedTurn): void {
    this.#chained.set(key, chained);
    this.#isUsed = true;
  }

  chained(key: string): ChainedTurn | undefined {
    return this.#chained.get(key);
  }

  #sessionOf(session: string): SessionTurns {
    this.#isUsed = true;
    const known = this.#sessions.get(session);
    if (known !== undefined) return known;
    const maxSize = this.#maxTotalSize;
    return {
      behind: new BoundedMap(maxTurns, {
        maxSize,
        sizeOf: (alike) => alike.reduce((size, turn) => size + sizeOfTurn(turn), 0),
      }),
      asking: new BoundedMap(maxTurns, { maxSize, sizeOf: sizeOfTurn }),
    };
  }
}

/** A turn that is kept in more than one way counts for each. */
function sizeOfTurn({ parts, texts, asked, told }: HiddenTurn): number {
  return roughSize([parts, texts, asked, [...told]]);
}
