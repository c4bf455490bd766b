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
    if (last !== undefined && this.#isAlone(last)) last.onLog(message);
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
    if (last !== undefined && !this.#isAlone(last))
      throw new Error(
        'several clients call this server, or did a moment ago, and which of them is asked is not told',
      );
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

  /** Whether the server works for no other client, as far as anybody knows. */
  #isAlone({ client }: CallerUnderWay): boolean {
    const now = this.#now();
    return (
      [...this.#callers.keys()].every((other) => other.client === client) &&
      [...this.#gone].every(([other, until]) => other === client || until <= now)
    );
  }
}
