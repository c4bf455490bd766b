import type { InputRequest } from '@modelcontextprotocol/client';
import type { Abilities } from './abilities.ts';
import type { LogLevel, LogMessage } from './log-levels.ts';

/** Somebody whose request a server works on. */
export interface CallerUnderWay {
  /** Names the client of ours: what a server asks goes to no other. */
  readonly client: string;
  readonly abilities: Abilities;
  /** Puts a question of the server to the client. */
  readonly ask?: ((question: InputRequest, signal: AbortSignal) => Promise<unknown>) | undefined;
  /** From which level on the client wants to read what the server logs; `undefined`: nothing of it. */
  readonly logLevel: LogLevel | undefined;
  readonly onLog: (message: LogMessage) => void;
}

/** Those whose requests are under way on one connection, which says not whose request a message is about. */
export class CallersUnderWay {
  readonly #callers = new Set<CallerUnderWay>();

  async during<T>(caller: CallerUnderWay, work: () => Promise<T>): Promise<T> {
    this.#callers.add(caller);
    try {
      return await work();
    } finally {
      this.#callers.delete(caller);
    }
  }

  log(message: LogMessage): void {
    for (const { onLog } of this.#callers) onLog(message);
  }

  /** The answer of the one client that it can be about. Rejects where that is not certain. */
  async ask(question: InputRequest, signal: AbortSignal): Promise<unknown> {
    const [first, ...others] = this.#callers;
    const last = others.at(-1) ?? first;
    if (last?.ask === undefined) throw new Error('nobody is there who could be asked');
    if (others.some(({ client }) => client !== first?.client))
      throw new Error(
        'several clients call this server at the moment, and which of them is asked is not told',
      );
    return await last.ask(question, signal);
  }
}
