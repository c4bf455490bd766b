import { runUnowned } from '../../../platform/process/request-owner.ts';
import { abortReason, reasonOf, unreachable } from '../call-errors.ts';
import type { Transport, TransportAnswer, UpstreamCall } from '../transport.ts';
import { Call } from './call.ts';
import { Connection, tickMs, type ConnectionOwner, type Http1Limits } from './connection.ts';
import { requestHead } from './request-head.ts';

/**
 * HTTP/1.1 over bare sockets, without a proxy: as little as a call needs, for a fraction of what a client library takes.
 * Its limits of time are kept to less than half a second.
 */
export function createHttp1Transport(limits: Http1Limits): Transport {
  const client = new Http1Client(limits);
  return { call: (call) => client.call(call), close: () => client.close() };
}

/** Each origin's newest one is kept. */
const maxSessions = 100;

class Http1Client implements ConnectionOwner {
  readonly limits: Http1Limits;
  readonly #connections = new Set<Connection>();
  /** Those that wait for a call, by origin; the one that was used last is taken first, so that the others may end. */
  readonly #kept = new Map<string, Connection[]>();
  readonly #sessions = new Map<string, Buffer>();
  readonly #closed = Promise.withResolvers<undefined>();
  /** Those that send their call when the events of the next turn of the loop were heard. */
  #reserved: { readonly connection: Connection; readonly call: Call }[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(limits: Http1Limits) {
    this.limits = limits;
  }

  call(request: UpstreamCall): Promise<TransportAnswer> {
    return new Promise((resolve, reject) => {
      const { url, signal } = request;
      if (this.#isClosed) reject(unreachable(url, 'this transport is closed'));
      else if (signal.aborted) reject(abortReason(signal));
      else {
        const call = new Call(request, headOf(request), resolve, reject);
        // A connection that is made now serves other requests later.
        runUnowned(() => {
          this.again(call);
        });
      }
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const kept of this.#kept.values()) for (const connection of [...kept]) connection.close();
    if (this.#connections.size > 0) await this.#closed.promise;
  }

  again(call: Call): void {
    const connection = this.#takeKept(call.origin);
    if (connection === undefined) this.#connect(call);
    else {
      connection.reserve(call);
      this.#reserved.push({ connection, call });
      // What the kernel has of a kept connection is heard before a call is sent on it: its end, or bytes that nobody asked for,
      // which would be taken for the answer. The sockets are asked for it in between two turns of the loop.
      if (this.#reserved.length === 1) setImmediate(this.#afterNextTurn);
    }
  }

  idle(connection: Connection): void {
    if (this.#isClosed) {
      connection.close();
      return;
    }
    const kept = this.#kept.get(connection.origin);
    if (kept === undefined) this.#kept.set(connection.origin, [connection]);
    else kept.push(connection);
  }

  gone(connection: Connection): void {
    this.#connections.delete(connection);
    const kept = this.#kept.get(connection.origin);
    const index = kept?.indexOf(connection) ?? -1;
    if (index >= 0) kept?.splice(index, 1);
    if (kept?.length === 0) this.#kept.delete(connection.origin);
    if (this.#connections.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (this.#isClosed) this.#closed.resolve(undefined);
  }

  sessionOf(origin: string): Buffer | undefined {
    return this.#sessions.get(origin);
  }

  keepSession(origin: string, session: Buffer): void {
    this.#sessions.delete(origin);
    this.#sessions.set(origin, session);
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size > maxSessions && oldest !== undefined) this.#sessions.delete(oldest);
  }

  #connect(call: Call): void {
    this.#connections.add(new Connection(this, call));
    this.#timer ??= setInterval(this.#tick, tickMs).unref();
  }

  #takeKept(origin: string): Connection | undefined {
    const kept = this.#kept.get(origin);
    if (kept === undefined) return undefined;
    const now = performance.now();
    for (let connection = kept.pop(); connection !== undefined; connection = kept.pop()) {
      if (connection.isFresh(now)) return connection;
      connection.close();
    }
    return undefined;
  }

  readonly #afterNextTurn = (): void => {
    const reserved = this.#reserved;
    this.#reserved = [];
    setImmediate(() => {
      for (const { connection, call } of reserved) connection.send(call);
    });
  };

  readonly #tick = (): void => {
    for (const connection of this.#connections) connection.tick();
  };
}

function headOf(request: UpstreamCall): string {
  try {
    return requestHead(request);
  } catch (cause) {
    const reason = cause instanceof Error ? reasonOf(cause) : 'its head cannot be written';
    throw unreachable(request.url, reason, cause);
  }
}
