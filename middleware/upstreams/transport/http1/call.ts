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

interface UnsentRequest {
  /** As it goes out. */
  readonly head: string;
  readonly body: Buffer;
}

/** One call from its request to the last byte of its answer. Whatever ends it, it ends once. */
export class Call implements Producer {
  readonly url: URL;
  readonly method: string;
  readonly hasBody: boolean;
  readonly origin: string;
  readonly #signal: AbortSignal;
  #unsent: UnsentRequest | undefined;
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
    const { url, method, body, signal } = request;
    this.url = url;
    this.method = method;
    this.hasBody = body.length > 0;
    this.origin = `${url.protocol}//${url.host}`;
    this.#signal = signal;
    this.#unsent = { head, body };
    this.#resolve = resolve;
    this.#reject = reject;
    signal.addEventListener('abort', this);
  }

  /** The request, once: an answer may last for minutes, and nobody needs its request any more. */
  takeRequest(): UnsentRequest | undefined {
    const unsent = this.#unsent;
    this.#unsent = undefined;
    return unsent;
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
    const { url } = this;
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
    this.break(abortReason(this.#signal));
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
    this.#unsent = undefined;
    // It serves another call now, or is gone.
    this.#connection = undefined;
    this.#signal.removeEventListener('abort', this);
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
