import { AtMost } from '../../../kernel/bounds/at-most.ts';
import { BoundedMap } from '../../../kernel/bounds/bounded-map.ts';
import { BoundedSet } from '../../../kernel/bounds/bounded-set.ts';
import type { Exchange } from '../../../kernel/exchange.ts';
import type { Log } from '../../../kernel/log.ts';
import type { PermissionRule } from '../../../kernel/permission-rule.ts';
import { roughSize } from '../../../kernel/bounds/rough-size.ts';
import type { CommandExtras } from '../command-extras.ts';
import type { AnsweredUse } from '../hook-event-fields.ts';
import type { ToolCall } from '../../../protocol/apis/tool-call.ts';
import type { SessionMemory, Sessions } from '../../sessions/sessions.ts';

/** A use that was refused, of one turn. */
interface RefusedUse extends AnsweredUse {
  /** The prompt and whose turn it is. */
  readonly turn: string;
}

/** One conversation, as far as its hooks have to remember it. */
export interface HookSession {
  /** Names the conversation and its caller. */
  readonly key: string;
  /** As hooks are told it. */
  readonly id: string;
  /** What was changed in the conversation, and what waits in it. */
  readonly memory: SessionMemory;
  /**
   * Prompts, tool calls and their outputs that hooks have heard of: `prompt msg_1`, `pre call_1`, `post` with what
   * names the output in its conversation, kept with the key of its item, and `post call_1`; `told call_1` where Codex’s own
   * hooks told of it.
   */
  readonly handled: BoundedMap<string, string | true>;
  /** What hooks hear of at the moment, as in `handled`; what is kept settles when they have. */
  readonly hearing: Map<string, Promise<unknown>>;
  /** Turns whose requests come through here, as the client names them. */
  readonly turns: BoundedSet;
  /** Calls that Codex's own hooks told us of after they ran, and whose output the next request has to tell. */
  readonly left: BoundedSet;
  /** When calls that Codex's own hooks told us of began, in milliseconds of the clock; by the id of the call. */
  readonly beganAt: BoundedMap<string, number>;
  /** Uses of tools that were told in one way and may come in the other as well; see `covered-uses`. */
  readonly covered: BoundedMap<string, number>;
  /** Calls that the user said yes to, by what they do. */
  readonly permitted: BoundedMap<string, true>;
  /** What hooks said before a call ran, for the model behind its result; by the id of the call. */
  readonly contextsOf: BoundedMap<string, readonly string[]>;
  /** Calls whose outputs a client may send by the id of the answer, without them; by their ids. */
  readonly calls: BoundedMap<string, ToolCall>;
  /** Calls that were refused since hooks last heard of a batch of calls. */
  readonly refused: RefusedUse[];
  /** What the model gets in place of the output of a call that Codex's own hooks told us of, until the output comes. */
  readonly outputOf: BoundedMap<string, string>;
  /** Calls after whose result the turn ends, with the reason; the turn itself where it ends after any. */
  readonly stopsAfter: BoundedMap<string, string>;
  /** How often in a row hooks sent the model back to work, by the turn: the user's and those of subagents run at once. */
  readonly stopBlocks: BoundedMap<string, number>;
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
  /** What hooks in the background had to say since. */
  later: string[];
  /** What hooks want the user to read and no answer has said yet. */
  readonly forUser: string[];
  hasStarted: boolean;
  /** The prompt at which it did, where the answer to a question led to it. */
  startedBehind: string | undefined;
  /** Whether the conversation was compacted since its last turn. */
  wasCompacted: boolean;
  promptId: string | undefined;
  /** Tells hooks of its end, where any wants to know. Never rejects. */
  tellEnd: (signal: AbortSignal) => Promise<unknown>;
  /** Milliseconds of the clock. */
  lastUsedAt: number;
}

interface HookSessionsOptions {
  /** Where all of a conversation is kept, within one bound. */
  readonly memory: Sessions;
  /** A clock that only goes forward, in milliseconds. */
  readonly now: () => number;
  /** After how long without a request a session is over. */
  readonly idleMs: number;
  readonly log: Pick<Log, 'warn'>;
}

const maxCalls = 5_000;
const maxAgents = 200;
/** Of the user and of subagents; no call of an older one comes to its end. */
const maxTurns = 200;
/** Commands with hooks of their own, and hooks, that one conversation comes across. */
const maxCommands = 200;
const maxHooks = 2_000;
const sweepEveryMs = 60_000;
/** Sessions whose end is told at a time. */
const endsAtOnce = 16;
/** How long all sessions together may take to end when the middleware does. */
const shutdownMs = 1_500;

/** The conversations that have hooks, until they are idle for a while or forgotten, or the middleware ends. */
export class HookSessions {
  readonly #sessions = new Map<string, HookSession>();
  readonly #options: HookSessionsOptions;
  readonly #ends = new AtMost(endsAtOnce);
  #timer: NodeJS.Timeout | undefined;

  constructor(options: HookSessionsOptions) {
    this.#options = options;
  }

  /** Whether hooks know the conversation of an exchange. While they know none, nobody need find out its name. */
  knows(exchange: Exchange): boolean {
    return this.#sessions.size > 0 && this.#options.memory.knownOf(exchange)?.companion !== undefined;
  }

  /** The session of an exchange; `undefined` for one without a conversation. */
  openFor(exchange: Exchange): HookSession | undefined {
    const key = this.#options.memory.keyOf(exchange);
    return key === undefined ? undefined : this.open(key, exchange.turn.sessionId);
  }

  find(key: string): HookSession | undefined {
    return this.#sessions.get(key);
  }

  /** `id`: as the client names it. */
  open(key: string, id = key): HookSession {
    const session = this.#sessions.get(key) ?? this.#newSession(key, id);
    session.lastUsedAt = this.#options.now();
    // What it came to hold since its last use is counted now.
    this.#options.memory.open(key);
    this.#timer ??= setInterval(() => void this.endIdle(), sweepEveryMs).unref();
    return session;
  }

  #newSession(key: string, id: string): HookSession {
    const memory = this.#options.memory.open(key);
    const session = newSession({ key, id, memory }, this.#options.memory.maxTotalSize);
    this.#sessions.set(key, session);
    memory.companion = {
      get totalSize() {
        return sizeOfSession(session);
      },
      fellOut: () => {
        this.#sessions.delete(key);
        // Never rejects. Its hooks would wait for a word on its end that nobody could give later.
        void this.#tellEnd(session);
      },
    };
    return session;
  }

  /** Ends the sessions that nobody used for a while. */
  async endIdle(): Promise<void> {
    const before = this.#options.now() - this.#options.idleMs;
    const idle = [...this.#sessions].filter(([, { lastUsedAt }]) => lastUsedAt <= before);
    for (const [key] of idle) this.#forget(key);
    if (this.#sessions.size === 0) this.#stopTimer();
    await Promise.all(idle.map(([, session]) => this.#tellEnd(session)));
  }

  /** Ends all sessions, within a time that a service manager would wait. */
  async close(): Promise<void> {
    this.#stopTimer();
    const all = [...this.#sessions];
    for (const [key] of all) this.#forget(key);
    const signal = AbortSignal.timeout(shutdownMs);
    // Those that ended before may take longer than there is time.
    const ends = new AtMost(endsAtOnce);
    let untold = 0;
    const tell = async ({ tellEnd }: HookSession): Promise<void> => {
      if (signal.aborted) untold += 1;
      else await tellEnd(signal);
    };
    await Promise.all(all.map(([, session]) => ends.run(() => tell(session))));
    if (untold > 0)
      this.#options.log.warn('no time was left to tell hooks of the end of sessions', { untold });
  }

  /** What was changed in the conversation stays. */
  #forget(key: string): void {
    const session = this.#sessions.get(key);
    this.#sessions.delete(key);
    if (session === undefined) return;
    session.memory.companion = undefined;
    this.#options.memory.recount(key);
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
  const { later, forUser, refused, key, id } = session;
  const kept = Object.values(session).filter(isCounted);
  return kept.reduce(
    (size, { totalSize }) => size + totalSize,
    roughSize([later, forUser, refused, key, id]),
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

function newSession(named: Pick<HookSession, 'key' | 'id' | 'memory'>, maxSize: number): HookSession {
  return {
    ...named,
    handled: sized(maxCalls, maxSize),
    hearing: new Map(),
    turns: new BoundedSet(maxTurns),
    left: new BoundedSet(maxCalls),
    beganAt: sized(maxCalls, maxSize),
    covered: sized(maxCalls, maxSize),
    permitted: sized(maxCalls, maxSize),
    contextsOf: sized(maxCalls, maxSize),
    calls: sized(maxCalls, maxSize),
    refused: [],
    outputOf: sized(maxCalls, maxSize),
    stopsAfter: sized(maxCalls, maxSize),
    stopBlocks: sized(maxTurns, maxSize),
    commandRules: [],
    commandHooks: sized(maxCommands, maxSize),
    agents: sized(maxAgents, maxSize),
    asked: new BoundedSet(maxHooks),
    ranOnce: new BoundedSet(maxHooks),
    told: new BoundedSet(maxHooks),
    later: [],
    forUser: [],
    hasStarted: false,
    startedBehind: undefined,
    wasCompacted: false,
    promptId: undefined,
    tellEnd: () => Promise.resolve(),
    lastUsedAt: 0,
  };
}
