import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Log } from '../../../kernel/log.ts';
import type { Connection } from '../connection.ts';
import { hasLostSession, isUnsent } from '../failure-of.ts';

/** What is done with a connection, and what it is called in messages: `tool "search"`. */
export interface Use<T> {
  readonly what: string;
  readonly work: (connection: Connection, signal: AbortSignal) => Promise<T>;
  /** Of whoever asks. */
  readonly signal: AbortSignal;
  /** Whether it only looks, so that it may be done twice. */
  readonly isLook?: true;
  /** Whether it is done to learn which protocol the server speaks, for which alone none goes on. */
  readonly isForEra?: true;
}

/** Who uses which connection of one server, and how they end. */
export class ConnectionUses {
  readonly #server: string;
  readonly #log: Log;
  readonly #users = new Map<Connection, number>();
  readonly #onUnused = new Map<Connection, () => void>();
  readonly #forgotten = new WeakSet<Connection>();
  /** Ends of connections that were left while others used them. */
  readonly #leaving = new Set<Promise<void>>();
  #ending: Promise<void> | undefined;

  constructor(server: string, log: Log) {
    this.#server = server;
    this.#log = log;
  }

  async during<T>(connection: Connection, work: () => Promise<T>): Promise<T> {
    this.#users.set(connection, this.#usersOf(connection) + 1);
    try {
      return await work();
    } finally {
      const left = this.#usersOf(connection) - 1;
      if (left > 0) this.#users.set(connection, left);
      else this.#users.delete(connection);
      if (left === 0) this.#onUnused.get(connection)?.();
    }
  }

  /** Ends a connection, behind those before it. */
  async end(connection: Connection): Promise<void> {
    const [before, end] = [this.#ending, this.#close(connection)];
    this.#ending = (async () => {
      await before;
      await end;
    })();
    await this.#ending;
  }

  /** Resolves when those have ended that were to end so far; not those that were left while others use them. */
  async ended(): Promise<void> {
    await this.#ending;
  }

  /** Resolves when all have ended whose users are gone. */
  async allEnded(): Promise<void> {
    await Promise.all([this.#ending, ...this.#leaving]);
  }

  /**
   * Ends a connection whose session its server does not know, once nobody waits for an answer over it: the server may as well have
   * meant what one of them asked for. Where it says so once more, to a question that cannot be meant, it ends at once.
   */
  leave(connection: Connection): void {
    const leaving = this.#over(connection).then(() => this.#close(connection));
    this.#leaving.add(leaving);
    void leaving.then(() => this.#leaving.delete(leaving));
  }

  /** Whether its server does not know it, so that nothing that was asked over it is answered. */
  isForgotten(connection: Connection): boolean {
    return this.#forgotten.has(connection);
  }

  /** Whether what failed may be done over another connection: nothing was done yet, or nothing is done by doing it twice. */
  mayRepeat({ isLook }: Pick<Use<unknown>, 'isLook'>, connection: Connection, error: unknown): boolean {
    if (hasLostSession(error, connection.hasSession)) return true;
    return this.isForgotten(connection) && (isLook === true || isUnsent(error));
  }

  async #over(connection: Connection): Promise<void> {
    if (this.#usersOf(connection) === 0) return;
    const { promise: unused, resolve } = Promise.withResolvers<'unused'>();
    this.#onUnused.set(connection, () => {
      resolve('unused');
    });
    const isForgotten = (await Promise.race([unused, connection.isForgotten()])) === true;
    if (isForgotten) this.#forgotten.add(connection);
    else await unused;
    this.#onUnused.delete(connection);
  }

  async #close(connection: Connection): Promise<void> {
    try {
      await connection.close();
    } catch (error) {
      this.#log.warn('an MCP server could not be ended', { server: this.#server, error });
    }
  }

  #usersOf(connection: Connection): number {
    return this.#users.get(connection) ?? 0;
  }
}

/** How a connection ended that is over by now; its end may be told a moment after the call that it broke. */
export async function endOf({ closed }: Connection): Promise<string | undefined> {
  return await Promise.race([closed, nextTurn(undefined)]);
}
