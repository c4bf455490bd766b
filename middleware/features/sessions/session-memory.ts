import type { JsonObject } from '../../kernel/json-object.ts';
import { BoundedMap } from '../../platform/config/scopes/bounded-map.ts';
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
  readonly rewrites: BoundedMap<string, Rewrite>;
  /** What we answered ourselves; where the client sends it again behind an item that we changed, it is dropped. */
  readonly said: OwnTexts;
  question: PendingQuestion | undefined;
}

const maxSessions = 2_000;
/** Items that we changed in one conversation; more than any has commands. */
const maxRewrites = 500;

/**
 * What we changed in which conversation. Clients send the whole conversation with every request, so that what a command became
 * once must be put in its place again each time: the same bytes, or the provider's prompt cache is lost.
 */
export class SessionMemory {
  readonly #sessions = new BoundedMap<string, SessionState>(maxSessions);

  /** What is known of a conversation; `undefined` while we changed nothing in it. */
  find(session: string): SessionState | undefined {
    return this.#sessions.get(session);
  }

  /** The conversation's state, made when it is first needed. */
  open(session: string): SessionState {
    const known = this.#sessions.get(session);
    if (known !== undefined) return known;
    const state: SessionState = {
      rewrites: new BoundedMap(maxRewrites),
      said: new OwnTexts(),
      question: undefined,
    };
    this.#sessions.set(session, state);
    return state;
  }
}
