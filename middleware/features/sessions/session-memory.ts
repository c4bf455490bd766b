import type { JsonObject } from '../../kernel/json-object.ts';
import { OwnTexts } from './own-texts.ts';

/** What stands in the place of an item of a conversation, every time the client sends it again. */
export interface Rewrite {
  /** None: the item does not go to the model. */
  readonly items: readonly JsonObject[];
  /** What we answered to this item ourselves; the same item again gets it again. */
  readonly localAnswer: string | undefined;
  /** What the turn that began with this item asks for. */
  readonly model: string | undefined;
  readonly effort: string | undefined;
}

/** What was asked in a conversation and waits for the user's next message. */
export interface PendingQuestion {
  /** The key of the item that made us ask, and the command that it calls. */
  readonly itemKey: string;
  /** The key of the item that the question stands behind. */
  readonly askedAt: string;
  readonly call: { readonly name: string; readonly args: string };
  /** Keeps the user's word. */
  readonly answered: (answer: 'yes' | 'no' | 'always') => Promise<void>;
}

/** One conversation, as far as we have changed it. */
export interface SessionState {
  /** By the keys of the items. Written by `SessionMemory.remember` alone, which counts its bytes. */
  readonly rewrites: ReadonlyRewrites;
  /** What we answered ourselves; where the client sends it again behind an item that we changed, it is dropped. */
  readonly said: OwnTexts;
  question: PendingQuestion | undefined;
}

type ReadonlyRewrites = Pick<Map<string, Rewrite>, 'get'>;

const maxSessions = 2_000;
/** Items that we changed in one conversation; more than any has commands. */
const maxRewrites = 500;
/** What the changes of all conversations together may hold, in characters: a prompt may be as long as a body. */
const maxTotalSize = 128 * 1024 * 1024;

interface Kept extends SessionState {
  readonly rewrites: Map<string, Rewrite>;
  /** The characters of its rewrites. */
  size: number;
}

/**
 * What we changed in which conversation. Clients send the whole conversation with every request, so that what a command became
 * once must be put in its place again each time: the same bytes, or the provider's prompt cache is lost. Of what is more than the
 * bounds, the conversations that were not used for longest are forgotten first.
 */
export class SessionMemory {
  readonly #sessions = new Map<string, Kept>();
  readonly #maxTotalSize: number;
  #size = 0;

  constructor(options: { readonly maxTotalSize?: number } = {}) {
    this.#maxTotalSize = options.maxTotalSize ?? maxTotalSize;
  }

  /** Whether nothing was changed in any conversation: then none has to be given its name. */
  get isEmpty(): boolean {
    return this.#sessions.size === 0;
  }

  /** What is known of a conversation; `undefined` while we changed nothing in it. */
  find(session: string): SessionState | undefined {
    return this.#use(session);
  }

  /** The conversation's state, made when it is first needed. */
  open(session: string): SessionState {
    return this.#open(session);
  }

  /** Keeps what stands in the place of an item from now on. */
  remember(session: string, key: string, rewrite: Rewrite): void {
    const state = this.#open(session);
    this.#drop(state, key);
    state.rewrites.set(key, rewrite);
    this.#grow(state, sizeOf(rewrite));
    while (state.rewrites.size > maxRewrites || (state.size > this.#maxTotalSize && state.rewrites.size > 1))
      this.#drop(state, firstOf(state.rewrites));
    while (this.#size > this.#maxTotalSize && this.#sessions.size > 1) this.#forget(firstOf(this.#sessions));
  }

  #open(session: string): Kept {
    const known = this.#use(session);
    if (known !== undefined) return known;
    const state: Kept = { rewrites: new Map(), said: new OwnTexts(), question: undefined, size: 0 };
    this.#sessions.set(session, state);
    if (this.#sessions.size > maxSessions) this.#forget(firstOf(this.#sessions));
    return state;
  }

  /** A Map keeps the order of insertion, so that its first entry is the one unused for longest. */
  #use(session: string): Kept | undefined {
    const known = this.#sessions.get(session);
    if (known === undefined) return undefined;
    this.#sessions.delete(session);
    this.#sessions.set(session, known);
    return known;
  }

  #forget(session: string | undefined): void {
    if (session === undefined) return;
    this.#size -= this.#sessions.get(session)?.size ?? 0;
    this.#sessions.delete(session);
  }

  #drop(state: Kept, key: string | undefined): void {
    const rewrite = key === undefined ? undefined : state.rewrites.get(key);
    if (key === undefined || rewrite === undefined) return;
    state.rewrites.delete(key);
    this.#grow(state, -sizeOf(rewrite));
  }

  #grow(state: Kept, by: number): void {
    state.size += by;
    this.#size += by;
  }
}

function firstOf(map: ReadonlyMap<string, unknown>): string | undefined {
  return map.keys().next().value;
}

function sizeOf({ items, localAnswer }: Rewrite): number {
  return textSize(items) + (localAnswer?.length ?? 0);
}

/** The characters of the texts in a value; all else in an item is small beside them. */
function textSize(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  let size = 0;
  for (const inner of Object.values(value)) size += textSize(inner);
  return size;
}
