import { BoundedMap } from '../../kernel/bounded-map.ts';
import { StateKey } from '../../kernel/exchange-state.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import { namedSessionKey, sessionKey } from '../../protocol/conversation/session-key.ts';
import { Approvals } from './approvals.ts';
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

/** The conversation that an exchange belongs to. */
export interface Session {
  /** Names it, and its caller. */
  readonly key: string;
  /** What is known of it; `undefined` while nothing was changed in it. */
  readonly known: SessionMemory | undefined;
  /** The same, from now on known. */
  readonly open: () => SessionMemory;
}

const openedKey = new StateKey<Session | 'none'>('session');

const maxSessions = 2_000;
const maxChained = 10_000;
/** What all conversations together may hold, in characters: a prompt, or what a model says, may be as long as a body. */
const maxTotalSize = 128 * 1024 * 1024;

/**
 * What was changed in which conversation, and what waits in it. Of what is more than the bounds, the conversations that were not used
 * for longest are forgotten first.
 */
export class Sessions {
  readonly #memories: BoundedMap<string, SessionMemory>;
  readonly maxTotalSize: number;
  /** Answers that clients may go on from by an id, in whatever conversation; by the keys of these. */
  readonly chained: BoundedMap<string, ChainedTurn>;

  constructor(options: { readonly maxTotalSize?: number } = {}) {
    this.maxTotalSize = options.maxTotalSize ?? maxTotalSize;
    this.#memories = new BoundedMap(maxSessions, {
      maxSize: this.maxTotalSize,
      sizeOf: ({ ledger, approvals, turns, companion }) =>
        ledger.totalSize + approvals.totalSize + turns.totalSize + (companion?.totalSize ?? 0),
      onDropped: ({ companion }) => companion?.fellOut(),
    });
    this.chained = new BoundedMap(maxChained, {
      maxSize: this.maxTotalSize,
      sizeOf: ({ turn }) => sizeOfTurn(turn),
    });
  }

  /**
   * The session of an exchange, whose name is found out once, and only where somebody asks: for a client without one, by how the conversation
   * begins. `undefined` for a request without a conversation.
   */
  of(exchange: Exchange): Session | undefined {
    const opened = exchange.state.get(openedKey) ?? this.#open(exchange);
    exchange.state.set(openedKey, opened);
    return opened === 'none' ? undefined : opened;
  }

  #open(exchange: Exchange): Session | 'none' {
    const key = sessionKey(exchange);
    if (key === undefined) return 'none';
    const find = (): SessionMemory | undefined => this.find(key);
    return {
      key,
      open: () => this.open(key),
      get known() {
        return find();
      },
    };
  }

  /** What is known of the conversation of an exchange. Most requests cost a look into a map, or nothing while nothing is known. */
  knownOf(exchange: Exchange): SessionMemory | undefined {
    if (this.#memories.size === 0) return undefined;
    const { turn, caller } = exchange;
    if (turn.sessionId !== undefined) return this.find(namedSessionKey(turn.sessionId, caller));
    return this.of(exchange)?.known;
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

  #newMemory(key: string): SessionMemory {
    const changed = (): void => {
      this.#memories.set(key, memory);
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
