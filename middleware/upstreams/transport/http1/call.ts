import type { Producer } from '../push-stream.ts';
import { abortReason, brokeOff, noAnswer } from '../call-errors.ts';
import { PushStream } from '../push-stream.ts';
import type { TransportAnswer, UpstreamCall } from '../transport.ts';
import type { AnswerHead } from './answer-head.ts';

/** The connection that a call is on, as the call steers it. */
export interface CallConnection {
  readonly pause: () => void;
  readonly resume: () => void;
  /** The call on it is over, before its answer is. */
  readonly giveUp: () => void;
}

/** One call from its request to the last byte of its answer. Whatever ends it, it ends once. */
export class Call implements Producer {
  readonly request: UpstreamCall;
  /** The request's, as it goes out. */
  readonly head: string;
  readonly origin: string;
  readonly #resolve: (answer: TransportAnswer) => void;
  readonly #reject: (error: Error) => void;
  #connection: CallConnection | undefined;
  #body: PushStream | undefined;
  #isOver = false;

  constructor(
    request: UpstreamCall,
    head: string,
    resolve: (answer: TransportAnswer) => void,
    reject: (error: Error) => void,
  ) {
    this.request = request;
    this.head = head;
    this.origin = `${request.url.protocol}//${request.url.host}`;
    this.#resolve = resolve;
    this.#reject = reject;
    request.signal.addEventListener('abort', this);
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** From here on it is this connection that the call steers. */
  goesOn(connection: CallConnection): void {
    this.#connection = connection;
  }

  begin({ status, statusMessage, headers }: Readonly<AnswerHead>): void {
    this.#body = new PushStream(this);
    this.#resolve({ status, statusMessage, headers, body: this.#body });
  }

  /** Hands a piece of the body on; `false` where the call is over. */
  data(piece: Buffer): boolean {
    this.#body?.push(piece);
    return !this.#isOver;
  }

  end(): void {
    this.#settle();
    const body = this.#body;
    if (body !== undefined)
      tell(() => {
        body.finish();
      });
  }

  /** The connection broke; it is at its end already. */
  fail(reason: string, cause?: unknown): void {
    const { url } = this.request;
    this.break(this.#body === undefined ? noAnswer(url, reason, cause) : brokeOff(url, reason, cause));
  }

  break(error: Error): void {
    if (this.#isOver) return;
    this.#settle();
    const body = this.#body;
    if (body === undefined) this.#reject(error);
    else
      tell(() => {
        body.break(error);
      });
  }

  /** Of the signal: the call is given up. */
  handleEvent(): void {
    this.#connection?.giveUp();
    this.break(abortReason(this.request.signal));
  }

  pause(): void {
    this.#connection?.pause();
  }

  resume(): void {
    this.#connection?.resume();
  }

  cancel(): void {
    if (this.#isOver) return;
    this.#connection?.giveUp();
    this.#settle();
  }

  #settle(): void {
    this.#isOver = true;
    // It serves another call now, or is gone.
    this.#connection = undefined;
    this.request.signal.removeEventListener('abort', this);
  }
}

/** Tells a reader the end. One that fails at that has failed alone: the connection is not its own. */
function tell(end: () => void): void {
  try {
    end();
  } catch {
    // It was the last that it hears, and nobody else waits for it.
  }
}
