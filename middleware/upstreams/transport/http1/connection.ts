import { idleConnectionMs } from '../../../platform/network/idle-connection.ts';
import type { Socket } from 'node:net';
import { fellSilent, noHeadInTime, reasonOf } from '../call-errors.ts';
import type { AnswerHead } from './answer-head.ts';
import { AnswerParser, type AnswerTaker } from './answer-parser.ts';
import type { Call, CallConnection } from './call.ts';
import { openSocket } from './open-socket.ts';
import { methodsWithBody } from './request-head.ts';

export interface Http1Limits {
  readonly connectMs: number;
  readonly headersMs: number;
  readonly idleMs: number;
}

/** Whose connections they are. */
export interface ConnectionOwner {
  readonly limits: Http1Limits;
  /** It has answered, and can serve another call. */
  readonly idle: (connection: Connection) => void;
  /** It was closed while it waited for its turn to send a call. */
  readonly again: (call: Call) => void;
  readonly gone: (connection: Connection) => void;
  readonly sessionOf: (origin: string) => Buffer | undefined;
  readonly keepSession: (origin: string, session: Buffer) => void;
}

/** How often limits are looked at; see `tick`. */
export const tickMs = 200;

/** So long before the time that a server tells for it. */
const beforeItsEndMs = 2_000;

/** Up to this size a body is written together with its head, in one piece; a larger one is not worth the copy. */
const maxJoinedBytes = 16_384;

/** One connection to an origin, and the call that it serves. */
export class Connection implements AnswerTaker, CallConnection {
  readonly origin: string;
  readonly #owner: ConnectionOwner;
  readonly #socket: Socket;
  readonly #parser = new AnswerParser(this);
  #call: Call | undefined;
  #isConnected = false;
  #isSent = false;
  #hasHead = false;
  #isPaused = false;
  #isGone = false;
  /** After the answer that runs; 0: not at all. */
  #keptMs = 0;
  #idleUntil = 0;
  /** The limit of what is waited for; 0: none. */
  #limitMs = 0;
  #quietTicks = 0;

  /** Connects for a call. */
  constructor(owner: ConnectionOwner, call: Call) {
    this.origin = call.origin;
    this.#owner = owner;
    this.#call = call;
    call.goesOn(this);
    const { url } = call;
    const socket = openSocket(url, owner.sessionOf(this.origin));
    this.#socket = socket;
    this.#await(owner.limits.connectMs);
    socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
      this.#isConnected = true;
      if (this.#call !== undefined) this.send(this.#call);
    });
    socket.on('session', (session: Buffer) => {
      owner.keepSession(this.origin, session);
    });
    socket.on('data', (chunk: Buffer) => {
      this.#take(chunk);
    });
    socket.on('end', () => {
      this.#ended();
    });
    socket.on('error', (error) => {
      this.#lost(error);
    });
    socket.on('close', () => {
      this.#lost(new ConnectionClosed());
    });
  }

  /** Whether a call may still be sent on it; a timer may be late. */
  isFresh(now: number): boolean {
    return now < this.#idleUntil;
  }

  /** The next call is this one, as soon as `send` says so. */
  reserve(call: Call): void {
    this.#call = call;
    this.#limitMs = 0;
    this.#socket.ref();
    call.goesOn(this);
  }

  /** Sends a call if it is the one that it has: another may have taken the place of one that was given up. */
  send(call: Call): void {
    const request = this.#isSent || call !== this.#call ? undefined : call.takeRequest();
    if (request === undefined) return;
    this.#isSent = true;
    this.#hasHead = false;
    this.#parser.begin(call.method);
    this.#await(this.#owner.limits.headersMs);
    write(this.#socket, request.head, request.body);
  }

  /**
   * Called every `tickMs`. Ends what was waited for too long: never early, and up to two ticks late. Time in which this
   * process did nothing is no time in which an upstream was silent, so ticks are counted and no clock is asked.
   */
  tick(): void {
    if (this.#limitMs === 0) return;
    this.#quietTicks += 1;
    if ((this.#quietTicks - 1) * tickMs >= this.#limitMs) this.#expire(this.#call);
  }

  head(head: Readonly<AnswerHead>): void {
    const call = this.#call;
    if (call === undefined) return;
    this.#hasHead = true;
    this.#keptMs = keptMsAfter(head, call);
    this.#await(this.#owner.limits.idleMs);
    call.begin(head);
  }

  data(piece: Buffer): boolean {
    return this.#call?.data(piece) ?? false;
  }

  pause(): void {
    if (this.#isPaused) return;
    this.#isPaused = true;
    // A reader that takes its time is not the upstream's silence.
    this.#limitMs = 0;
    this.#socket.pause();
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#await(this.#owner.limits.idleMs);
    this.#socket.resume();
  }

  giveUp(): void {
    if (this.#isConnected && !this.#isSent) this.#becomeIdle();
    else this.close();
  }

  close(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#call = undefined;
    this.#limitMs = 0;
    this.#socket.destroy();
    this.#owner.gone(this);
  }

  #take(chunk: Buffer): void {
    // Bytes that answer no request would be the answer to the next one.
    if (this.#call === undefined || !this.#isSent) {
      this.#lost(new ConnectionClosed());
      return;
    }
    // A head that comes byte by byte has no more time than any other.
    if (this.#hasHead) this.#quietTicks = 0;
    let end: number;
    try {
      end = this.#parser.feed(chunk);
    } catch (fault) {
      this.#lost(fault instanceof Error ? fault : new Error('its reader failed', { cause: fault }));
      return;
    }
    if (end >= 0) this.#answered(end === chunk.length);
  }

  #ended(): void {
    if (this.#call !== undefined && this.#isSent && this.#parser.endsWithConnection) this.#answered(false);
    else this.#lost(new ConnectionClosed());
  }

  /** All of the answer is there; `isClean`: and nothing behind it. */
  #answered(isClean: boolean): void {
    const call = this.#call;
    // A server that answers before it has read all may take the rest for the next request.
    if (isClean && this.#keptMs > 0 && this.#socket.writableLength === 0) {
      this.#idleUntil = performance.now() + this.#keptMs;
      this.#becomeIdle();
    } else this.close();
    call?.end();
  }

  #becomeIdle(): void {
    this.#call = undefined;
    this.#isSent = false;
    this.#await(this.#keptMs);
    if (this.#isPaused) this.#socket.resume();
    this.#isPaused = false;
    this.#socket.unref();
    this.#owner.idle(this);
  }

  #await(limitMs: number): void {
    this.#limitMs = limitMs;
    this.#quietTicks = 0;
  }

  #expire(call: Call | undefined): void {
    const { limits } = this.#owner;
    const isConnected = this.#isConnected;
    const hasHead = this.#hasHead;
    this.close();
    if (call === undefined) return;
    const { url } = call;
    if (!isConnected) call.fail(`there was no connection within ${limits.connectMs} ms`);
    else call.break(hasHead ? fellSilent(url, limits.idleMs) : noHeadInTime(url, limits.headersMs));
  }

  #lost(cause: Error): void {
    const call = this.#call;
    const wasWaiting = this.#isConnected && !this.#isSent;
    this.close();
    if (call === undefined) return;
    if (wasWaiting) this.#owner.again(call);
    else call.fail(reasonOf(cause), cause);
  }
}

/** Closed by the other side, before an answer or in the middle of one. */
class ConnectionClosed extends Error {
  readonly code = 'ECONNRESET';

  constructor() {
    super('the other side closed the connection');
  }
}

/** How long the connection is kept after this answer; 0: it is closed. */
function keptMsAfter(head: Readonly<AnswerHead>, { method, hasBody }: Call): number {
  // Behind what no server expects, and behind an answer that should have no body, two sides may count differently.
  const isOdd = method === 'HEAD' || (hasBody && !methodsWithBody.has(method));
  const hasNoBody = head.status === 204 || head.status === 304;
  const saysBody = head.isChunked || head.contentLength > 0;
  if (!head.isPersistent || isOdd || (hasNoBody && saysBody)) return 0;
  return Math.min(idleConnectionMs, head.keptSeconds * 1000 - beforeItsEndMs);
}

function write(socket: Socket, head: string, body: Buffer): void {
  if (body.length === 0) socket.write(head, 'latin1');
  else if (body.length <= maxJoinedBytes) {
    const joined = Buffer.allocUnsafe(head.length + body.length);
    joined.write(head, 'latin1');
    body.copy(joined, head.length);
    socket.write(joined);
  } else {
    socket.cork();
    socket.write(head, 'latin1');
    socket.write(body);
    socket.uncork();
  }
}
