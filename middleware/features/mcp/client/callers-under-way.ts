import { ProtocolError, type InputRequest } from '@modelcontextprotocol/client';
import { BoundedMap } from '../../../kernel/bounds/bounded-map.ts';
import type { Abilities } from './abilities.ts';
import type { LogLevel, LogMessage } from './log-levels.ts';

/** Somebody whose request a server works on. */
export interface CallerUnderWay {
  /** Names the client of ours, or its conversation: what a server asks goes to no other. */
  readonly client: string;
  readonly abilities: Abilities;
  /** Puts a question of the server to the client. */
  readonly ask?: ((question: InputRequest, signal: AbortSignal) => Promise<unknown>) | undefined;
  /** Whether a question must be put to nobody where another request of the same client may be meant. */
  readonly asksForItself?: boolean;
  /** From which level on the client wants to read what the server logs; `undefined`: nothing of it. */
  readonly logLevel: LogLevel | undefined;
  readonly onLog: (message: LogMessage) => void;
}

/** For so long a server may still be at work on a request that was given up: it need neither stop nor answer. */
const goneMs = 60_000;
/** Where so many clients are gone, all that the server says is nobody's anyhow. */
const maxGone = 100;

const notTold = 'an older server does not tell which of them it asks';

/** Those whose requests are under way on one connection, which says not whose request a message is about. */
export class CallersUnderWay {
  readonly #now: () => number;
  /** Each with what ends the questions that were put to it. */
  readonly #callers = new Map<CallerUnderWay, AbortController>();
  /** Those who are asked something at the moment. */
  readonly #asked = new Set<CallerUnderWay>();
  /** Clients that gave a request up, and until when a message may be about it. */
  readonly #gone = new BoundedMap<string, number>(maxGone);

  /** `now`: a clock that only goes forward, in milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** With the answer of the server its questions end: it did not wait for theirs. */
  async during<T>(caller: CallerUnderWay, work: () => Promise<T>): Promise<T> {
    const over = new AbortController();
    this.#callers.set(caller, over);
    try {
      return await work();
    } catch (error) {
      // With an error of the protocol the server has answered.
      if (!(error instanceof ProtocolError)) this.#gone.set(caller.client, this.#now() + goneMs);
      throw error;
    } finally {
      this.#callers.delete(caller);
      over.abort(new Error('the request that it was asked for is over'));
    }
  }

  /** Tells the one client that it can be about; nobody where that is not certain. */
  log(message: LogMessage): void {
    const last = this.#last();
    if (last !== undefined && this.#othersThan(last) === undefined) last.onLog(message);
  }

  /** The answer of the one client that it can be about. Rejects where that is not certain. */
  async ask(question: InputRequest, signal: AbortSignal): Promise<unknown> {
    const meant = this.#meant();
    for (;;) {
      // Where one of several may be meant, and its request is over, it was another.
      const caller = meant.findLast((one) => this.#callers.has(one));
      const over = caller && this.#callers.get(caller);
      if (caller?.ask === undefined || over === undefined)
        throw new Error('nobody is there who could be asked');
      this.#asked.add(caller);
      try {
        return await caller.ask(question, AbortSignal.any([signal, over.signal]));
      } catch (error) {
        if (!over.signal.aborted || signal.aborted || meant.length === 1) throw error;
      } finally {
        this.#asked.delete(caller);
      }
    }
  }

  /** Those that a question can be about. */
  #meant(): readonly CallerUnderWay[] {
    const last = this.#last();
    if (last !== undefined) {
      const others = this.#othersThan(last);
      if (others !== undefined) throw new Error(others);
    }
    // A call that waits for the answer to one question asks no other, as long as there is one that does not.
    const all = [...this.#callers.keys()];
    const free = all.filter((caller) => !this.#asked.has(caller));
    const meant = free.length > 0 ? free : all;
    if (meant.length > 1 && meant.some(({ asksForItself }) => asksForItself === true))
      throw new Error(
        'several calls of this server are under way, and which of them asks is not told: make this call again by itself',
      );
    return meant;
  }

  #last(): CallerUnderWay | undefined {
    return [...this.#callers.keys()].at(-1);
  }

  /** For whom else the server may work, and what helps; `undefined` where there is nobody, as far as anybody knows. */
  #othersThan({ client }: CallerUnderWay): string | undefined {
    const others = [...this.#callers.keys()].filter((other) => other.client !== client);
    if (others.some((other) => this.#asked.has(other)))
      return `a question of this server waits in another conversation, ten minutes at most, and ${notTold}: answer it there, or end that call, then make this one again`;
    if (others.length > 0)
      return `another conversation has a call of this server under way, and ${notTold}: make this call again when that one is over`;
    const goneUntil = [...this.#gone].flatMap(([other, until]) => (other === client ? [] : [until]));
    const leftMs = Math.max(0, ...goneUntil) - this.#now();
    return leftMs > 0
      ? `another conversation gave a call of this server up a moment ago, and ${notTold}: make this call again in ${Math.ceil(leftMs / 1_000)} s`
      : undefined;
  }
}
