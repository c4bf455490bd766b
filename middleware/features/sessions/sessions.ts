import { BoundedMap } from '../../kernel/bounds/bounded-map.ts';
import { StateKey } from '../../kernel/exchange-state.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import { namedSessionKey, sessionKey } from '../../protocol/conversation/session-key.ts';
import { Approvals } from './approvals.ts';
import { sizeOfKeptAnswer, type KeptAnswer } from './kept-answer.ts';
import { Ledger } from './ledger.ts';
import { SessionTurns, sizeOfTurn, type ChainedTurn } from './session-turns.ts';

/** What a later feature keeps of a conversation. */
export interface Companion {
  /** In characters. */
  readonly totalSize: number;
  /** The conversation is forgotten. */
  readonly fellOut: () => void;
}

/** One conversation, as far as we have changed it. */
export interface SessionMemory {
  readonly ledger: Ledger;
  readonly approvals: Approvals;
  readonly turns: SessionTurns;
  companion: Companion | undefined;
}

/** Of an exchange whose client names no conversation; `false`: it has none. */
const foundKey = new StateKey<string | false>('session key');

const maxSessions = 2_000;
const maxChained = 10_000;
const maxKeptAnswers = 10_000;
/** What all conversations together may hold, in characters: a prompt, or what a model says, may be as long as a body. */
const maxTotalSize = 128 * 1024 * 1024;
/** What all answers of ours that are kept may hold, in bytes: each has what was said since the provider's last one. */
const maxKeptSize = 32 * 1024 * 1024;

/**
 * What was changed in which conversation, and what waits in it. Of what is more than the bounds, the conversations
 * that were not used for longest are forgotten first.
 */
export class Sessions {
  readonly #memories: BoundedMap<string, SessionMemory>;
  readonly maxTotalSize: number;
  /** Answers that clients may go on from by an id, in whatever conversation; by the keys of these. */
  readonly chained: BoundedMap<string, ChainedTurn>;
  /** The same for those that we gave ourselves. */
  readonly keptAnswers: BoundedMap<string, KeptAnswer>;
  /** What is done to an item at the moment, by its conversation and its key; what is kept settles when it is done. */
  readonly underWay = new Map<string, Promise<unknown>>();

  constructor(options: { readonly maxTotalSize?: number } = {}) {
    this.maxTotalSize = options.maxTotalSize ?? maxTotalSize;
    this.#memories = new BoundedMap(maxSessions, {
      maxSize: this.maxTotalSize,
      // Keys have what a client calls its conversation in them, as long as a header may be.
      sizeOf: ({ ledger, approvals, turns, companion }, key) =>
        key.length + ledger.totalSize + approvals.totalSize + turns.totalSize + (companion?.totalSize ?? 0),
      onDropped: (memory) => {
        const { companion } = memory;
        // An exchange under way may still change the memory, and bring it back; the companion has ended.
        memory.companion = undefined;
        companion?.fellOut();
      },
    });
    this.chained = new BoundedMap(maxChained, {
      maxSize: this.maxTotalSize,
      sizeOf: ({ id, turn }, key) => key.length + id.length + sizeOfTurn(turn),
    });
    this.keptAnswers = new BoundedMap(maxKeptAnswers, {
      maxSize: Math.min(maxKeptSize, this.maxTotalSize),
      sizeOf: (kept, key) => key.length + sizeOfKeptAnswer(kept),
    });
  }

  /**
   * Names the conversation of an exchange, its API and its caller: as the client does, or by how it begins, which is found
   * out once, and only where somebody asks. `undefined` for a request without a conversation.
   */
  keyOf(exchange: Exchange): string | undefined {
    const { turn, caller, state, received } = exchange;
    if (turn.sessionId !== undefined) return namedSessionKey(turn.sessionId, caller, received.api);
    const key = state.get(foundKey) ?? sessionKey(exchange) ?? false;
    state.set(foundKey, key);
    return key === false ? undefined : key;
  }

  /**
   * What is known of the conversation of an exchange. Most requests cost a look into a map, or nothing while
   * nothing is known.
   */
  knownOf(exchange: Exchange): SessionMemory | undefined {
    const key = this.#memories.size === 0 ? undefined : this.keyOf(exchange);
    return key === undefined ? undefined : this.find(key);
  }

  find(key: string): SessionMemory | undefined {
    return this.#memories.get(key);
  }

  /** What is known of a conversation, from now on. It is counted anew: a companion may have grown. */
  open(key: string): SessionMemory {
    const memory = this.find(key) ?? this.#newMemory(key);
    this.#memories.set(key, memory);
    return memory;
  }

  /** Counts a conversation anew of which less is kept than before; it stays as long unused as it is. */
  recount(key: string): void {
    this.#memories.recount(key);
  }

  #newMemory(key: string): SessionMemory {
    const changed = (): void => {
      // An exchange may still change what was forgotten since, and is known anew.
      if ((this.find(key) ?? memory) === memory) this.#memories.set(key, memory);
    };
    const memory: SessionMemory = {
      ledger: new Ledger(this.maxTotalSize, changed),
      approvals: new Approvals(changed),
      turns: new SessionTurns(this.maxTotalSize, changed),
      companion: undefined,
    };
    return memory;
  }
}
