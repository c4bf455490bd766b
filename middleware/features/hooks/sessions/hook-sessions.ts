import { AtMost } from '../../../kernel/at-most.ts';
import { BoundedMap } from '../../../kernel/bounded-map.ts';
import { BoundedSet } from '../../../kernel/bounded-set.ts';
import type { JsonObject } from '../../../kernel/json-object.ts';
import type { PermissionRule } from '../../../kernel/permission-rule.ts';
import { roughSize } from '../../../kernel/rough-size.ts';
import type { CommandExtras } from '../command-extras.ts';
import type { AnsweredUse } from '../hook-occurrences.ts';
import type { AskedQuestion } from '../../sessions/asked-question.ts';
import { OwnTexts } from '../../sessions/own-texts.ts';
import type { TrustAnswer } from '../../trust/parse-answer.ts';

/** What hooks put into a conversation, at one of its items. */
export interface Placed {
  /** For the model, right behind the item. */
  readonly contexts: readonly string[];
  /** Words of the user, for the model, right before the item. */
  readonly wordsBefore?: string;
  /** The item as a script changed it. */
  readonly replacement: JsonObject | undefined;
  /** The outputs in the item that hooks changed, by the ids of their calls. */
  readonly outputs?: ReadonlyMap<string, string>;
}

/** What we said ourselves to one of the user's messages. */
export interface OwnAnswer {
  /** `undefined`: nothing, the message was an answer to our question. */
  readonly text: string | undefined;
  /** Whether the message does not go to the model either. */
  readonly dropsPrompt: boolean;
  /** The message answered a question of ours: it is no prompt, however often it is sent. */
  readonly isReply?: boolean;
  /** Whether the same message, sent again, gets the same answer; a question that was answered lets it through. */
  readonly isFinal: boolean;
}

/** A use that was refused, of one turn. */
interface RefusedUse extends AnsweredUse {
  /** The prompt and whose turn it is. */
  readonly turn: string;
}

/** The question whether hooks of the project may run. */
export interface HookQuestion extends AskedQuestion {
  readonly answered: (answer: TrustAnswer) => Promise<void>;
}

/** One conversation, as far as its hooks have to remember it. */
export interface HookSession {
  /** Names the conversation and its caller. */
  readonly key: string;
  /** As hooks are told it. */
  readonly id: string;
  readonly placed: BoundedMap<string, Placed>;
  readonly answers: BoundedMap<string, OwnAnswer>;
  /** What we answered ourselves. */
  readonly said: OwnTexts;
  /** Prompts and tool calls that hooks have heard of, calls before or after they ran: `prompt msg_1`, `pre call_1`, `post call_1`. */
  readonly handled: BoundedMap<string, true>;
  /** Calls whose outputs hooks hear of at the moment; what is kept settles when they have. */
  readonly hearing: Map<string, Promise<unknown>>;
  /** Uses of tools that were told in one way and may come in the other as well; see `covered-uses`. */
  readonly covered: BoundedMap<string, number>;
  /** Calls that the user said yes to, by what they do. */
  readonly permitted: BoundedMap<string, true>;
  /** What hooks said before a call ran, for the model behind its result; by the id of the call. */
  readonly contextsOf: BoundedMap<string, readonly string[]>;
  /** Calls that were refused since hooks last heard of a batch of calls. */
  readonly refused: RefusedUse[];
  /** What the model gets in place of the output of a call that Codex's own hooks told us of, until the output comes. */
  readonly outputOf: BoundedMap<string, string>;
  /** Calls after whose result the turn ends, with the reason; the turn itself where it ends after any. */
  readonly stopsAfter: BoundedMap<string, string>;
  /** Of the command that the turn began with. */
  commandRules: readonly PermissionRule[];
  /** What commands with hooks of their own brought along, by their files. */
  readonly commandHooks: BoundedMap<string, CommandExtras>;
  /** Subagents that have begun. */
  readonly agents: BoundedMap<string, true>;
  /** Hooks that the user was asked about, by their hash. */
  readonly asked: BoundedSet;
  /** Hooks that run once in a session and have, by what they are. */
  readonly ranOnce: BoundedSet;
  /** Hooks of which the log says that they did not run. */
  readonly told: BoundedSet;
  question: HookQuestion | undefined;
  /** What hooks in the background had to say since. */
  later: string[];
  /** What hooks want the user to read and no answer has said yet. */
  readonly forUser: string[];
  hasStarted: boolean;
  /** Whether the conversation was compacted since its last turn. */
  wasCompacted: boolean;
  promptId: string | undefined;
  /** How often in a row hooks sent the model back to work. */
  stopBlocks: number;
  /** Tells hooks of its end, where any wants to know. Never rejects. */
  tellEnd: (signal: AbortSignal) => Promise<unknown>;
  /** Milliseconds of the clock. */
  lastUsedAt: number;
}

interface HookSessionsOptions {
  /** A clock that only goes forward, in milliseconds. */
  readonly now: () => number;
  /** After how long without a request a session is over. */
  readonly idleMs: number;
  /** What all sessions together may hold, in characters. */
  readonly maxTotalSize?: number;
}

const maxSessions = 2_000;
/** Items of one conversation that hooks had something to say to. */
const maxPlaced = 2_000;
const maxCalls = 5_000;
const maxAgents = 200;
/** Commands with hooks of their own, and hooks, that one conversation comes across. */
const maxCommands = 200;
const maxHooks = 2_000;
/** Of all conversations together: what hooks say, and what they make of a message, may be as long as a body. */
const defaultTotalSize = 128 * 1024 * 1024;
const sweepEveryMs = 60_000;
/** Sessions whose end is told at a time, while the middleware goes on. */
const endsAtOnce = 16;
/** How long all sessions together may take to end when the middleware does. */
const shutdownMs = 1_500;

/** The conversations that have hooks, until they are idle for a while, too many or too large together, or the middleware ends. */
export class HookSessions {
  readonly #sessions: BoundedMap<string, HookSession>;
  readonly #options: HookSessionsOptions;
  readonly #maxTotalSize: number;
  readonly #ends = new AtMost(endsAtOnce);
  #timer: NodeJS.Timeout | undefined;

  constructor(options: HookSessionsOptions) {
    this.#options = options;
    this.#maxTotalSize = options.maxTotalSize ?? defaultTotalSize;
    this.#sessions = new BoundedMap(maxSessions, {
      maxSize: this.#maxTotalSize,
      sizeOf: sizeOfSession,
      // Never rejects. Its hooks would wait for a word on its end that nobody could give later.
      onDropped: (session) => void this.#tellEnd(session),
    });
  }

  /** Whether there is any; without, nobody need find out the name of a conversation. */
  get isUsed(): boolean {
    return this.#sessions.size > 0;
  }

  find(key: string): HookSession | undefined {
    return this.#sessions.get(key);
  }

  /** `id`: as the client names it. */
  open(key: string, id = key): HookSession {
    const known = this.#sessions.get(key);
    const session = known ?? newSession(key, id, this.#maxTotalSize);
    session.lastUsedAt = this.#options.now();
    // What it came to hold since its last use is counted now.
    this.#sessions.set(key, session);
    this.#timer ??= setInterval(() => void this.endIdle(), sweepEveryMs).unref();
    return session;
  }

  /** Ends the sessions that nobody used for a while. */
  async endIdle(): Promise<void> {
    const before = this.#options.now() - this.#options.idleMs;
    const idle = [...this.#sessions].filter(([, { lastUsedAt }]) => lastUsedAt <= before);
    for (const [key] of idle) this.#sessions.delete(key);
    if (this.#sessions.size === 0) this.#stopTimer();
    await Promise.all(idle.map(([, session]) => this.#tellEnd(session)));
  }

  /** Ends all sessions, within a time that a service manager would wait. */
  async close(): Promise<void> {
    this.#stopTimer();
    const all = [...this.#sessions];
    for (const [key] of all) this.#sessions.delete(key);
    const signal = AbortSignal.timeout(shutdownMs);
    await Promise.all(all.map(([, { tellEnd }]) => tellEnd(signal)));
  }

  /** Many sessions may end together, and each may have hooks that start processes. */
  async #tellEnd({ tellEnd }: HookSession): Promise<void> {
    await this.#ends.run(() => tellEnd(new AbortController().signal));
  }

  #stopTimer(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

function sizeOfSession(session: HookSession): number {
  const { later, forUser, refused, question, key, id } = session;
  const kept = Object.values(session).filter(isCounted);
  return kept.reduce(
    (size, { totalSize }) => size + totalSize,
    roughSize([later, forUser, refused, question, key, id]),
  );
}

/** Each map and set of a session counts, so that none can be left out. */
function isCounted(member: unknown): member is { readonly totalSize: number } {
  return (
    typeof member === 'object' &&
    member !== null &&
    'totalSize' in member &&
    typeof member.totalSize === 'number'
  );
}

/** Names of calls and agents come from outside, and are as long as somebody makes them. */
function sized<V>(maxEntries: number, maxSize: number): BoundedMap<string, V> {
  return new BoundedMap(maxEntries, { maxSize, sizeOf: (value, key) => key.length + roughSize(value) });
}

function newSession(key: string, id: string, maxSize: number): HookSession {
  return {
    key,
    id,
    placed: sized(maxPlaced, maxSize),
    answers: sized(maxPlaced, maxSize),
    said: new OwnTexts(),
    handled: sized(maxCalls, maxSize),
    hearing: new Map(),
    covered: sized(maxCalls, maxSize),
    permitted: sized(maxCalls, maxSize),
    contextsOf: sized(maxCalls, maxSize),
    refused: [],
    outputOf: sized(maxCalls, maxSize),
    stopsAfter: sized(maxCalls, maxSize),
    commandRules: [],
    commandHooks: sized(maxCommands, maxSize),
    agents: sized(maxAgents, maxSize),
    asked: new BoundedSet(maxHooks),
    ranOnce: new BoundedSet(maxHooks),
    told: new BoundedSet(maxHooks),
    question: undefined,
    later: [],
    forUser: [],
    hasStarted: false,
    wasCompacted: false,
    promptId: undefined,
    stopBlocks: 0,
    tellEnd: () => Promise.resolve(),
    lastUsedAt: 0,
  };
}
