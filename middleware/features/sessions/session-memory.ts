import type { CalledCommand } from '../../kernel/exchange.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import { roughSize } from '../../kernel/rough-size.ts';
import { BoundedMap } from '../../kernel/bounded-map.ts';
import type { TrustAnswer } from '../trust/parse-answer.ts';
import type { AskedQuestion } from './asked-question.ts';
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
  /** The command that became these items. */
  readonly called: CalledCommand | undefined;
}

/** The question whether a command may run. */
export interface PendingQuestion extends AskedQuestion {
  /** The key of the item that made us ask, and the command that it calls. */
  readonly itemKey: string;
  readonly call: { readonly name: string; readonly args: string };
  /** Keeps the user's word. */
  readonly answered: (answer: TrustAnswer) => Promise<void>;
}

/** One conversation, as far as we have changed it. What is kept in it is counted, so only `SessionMemory` writes it. */
export interface SessionState {
  /** By the keys of the items. */
  readonly rewrites: Pick<BoundedMap<string, Rewrite>, 'get'>;
  /** What we answered ourselves; where the client sends it again behind an item that we changed, it is dropped. */
  readonly said: OwnTexts;
  readonly question: PendingQuestion | undefined;
}

interface Kept extends SessionState {
  readonly rewrites: BoundedMap<string, Rewrite>;
  question: PendingQuestion | undefined;
}

const maxSessions = 2_000;
/** Items that we changed in one conversation; more than any has commands. */
const maxRewrites = 500;
/** What all conversations together may hold, in characters: a prompt, or what a command is called with, may be as long as a body. */
const maxTotalSize = 128 * 1024 * 1024;

/**
 * What we changed in which conversation. Clients send the whole conversation with every request, so that what a command became
 * once must be put in its place again each time: the same bytes, or the provider's prompt cache is lost. Of what is more than the
 * bounds, the conversations that were not used for longest are forgotten first.
 */
export class SessionMemory {
  readonly #sessions: BoundedMap<string, Kept>;
  readonly #maxTotalSize: number;

  constructor(options: { readonly maxTotalSize?: number } = {}) {
    this.#maxTotalSize = options.maxTotalSize ?? maxTotalSize;
    this.#sessions = new BoundedMap(maxSessions, { maxSize: this.#maxTotalSize, sizeOf });
  }

  /** Whether nothing was changed in any conversation: then none has to be given its name. */
  get isEmpty(): boolean {
    return this.#sessions.size === 0;
  }

  /** What is known of a conversation; `undefined` while we changed nothing in it. */
  find(session: string): SessionState | undefined {
    return this.#sessions.get(session);
  }

  /** Keeps what stands in the place of an item from now on. */
  remember(session: string, key: string, rewrite: Rewrite): void {
    this.#change(session, ({ rewrites }) => {
      rewrites.set(key, rewrite);
    });
  }

  /** Keeps what we said in a conversation. */
  say(session: string, text: string): void {
    this.#change(session, ({ said }) => {
      said.add(text);
    });
  }

  /** Keeps what waits for the user's next message; `undefined`: nothing does any more. */
  ask(session: string, question: PendingQuestion | undefined): void {
    this.#change(session, (state) => {
      state.question = question;
    });
  }

  #change(session: string, change: (state: Kept) => void): void {
    const state = this.#sessions.get(session) ?? this.#newState();
    change(state);
    this.#sessions.set(session, state);
  }

  #newState(): Kept {
    const rewrites = new BoundedMap<string, Rewrite>(maxRewrites, {
      maxSize: this.#maxTotalSize,
      sizeOf: roughSize,
    });
    return { rewrites, said: new OwnTexts(), question: undefined };
  }
}

function sizeOf({ rewrites, said, question }: Kept): number {
  return rewrites.totalSize + said.totalSize + roughSize(question);
}
