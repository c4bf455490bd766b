import type { RawHeaders } from '../../kernel/headers.ts';
import { abortReason, brokeOff, fellSilent, noAnswer, noHeadInTime } from './call-errors.ts';
import { PushStream } from './push-stream.ts';
import type { TransportAnswer, UpstreamCall } from './transport.ts';

/** The call behind an answer, as the answer steers it. */
export interface AnswerSource {
  readonly pause: () => void;
  readonly resume: () => void;
  /** Ends the upstream call; what it still tells is not heard. */
  readonly end: () => void;
}

interface AnswerLimits {
  readonly headersMs: number;
  readonly idleMs: number;
}

/**
 * One answer from its request to its last byte: resolves with the head, then feeds the body. Keeps the time limits and hears
 * the abort for a client library that does neither. Whatever ends it, it ends once, and then the source is at its end too.
 */
export class PendingAnswer {
  readonly #call: UpstreamCall;
  readonly #limits: AnswerLimits;
  readonly #source: AnswerSource;
  readonly #head = Promise.withResolvers<TransportAnswer>();
  readonly #over = Promise.withResolvers<undefined>();
  #isOver = false;
  #body: PushStream | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(call: UpstreamCall, limits: AnswerLimits, source: AnswerSource) {
    this.#call = call;
    this.#limits = limits;
    this.#source = source;
    call.signal.addEventListener('abort', this.#onAbort);
    if (call.signal.aborted) this.#onAbort();
  }

  get head(): Promise<TransportAnswer> {
    return this.#head.promise;
  }

  /** Resolves when nothing more comes, for whatever reason; never rejects. */
  get over(): Promise<undefined> {
    return this.#over.promise;
  }

  get hasHead(): boolean {
    return this.#body !== undefined;
  }

  /** The request is on its way: the time for the head begins. */
  sent(): void {
    if (this.#isOver || this.hasHead) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#giveUp(noHeadInTime(this.#call.url, this.#limits.headersMs));
    }, this.#limits.headersMs);
  }

  begin(status: number, statusMessage: string, headers: RawHeaders): void {
    if (this.#isOver) return;
    this.#watchSilence();
    const body = new PushStream({
      pause: () => {
        // A reader that takes its time is not the upstream's silence.
        clearTimeout(this.#timer);
        this.#source.pause();
      },
      resume: () => {
        if (this.#isOver) return;
        this.#watchSilence();
        this.#source.resume();
      },
      cancel: () => {
        if (this.#isOver) return;
        this.#settle();
        this.#source.end();
      },
    });
    this.#body = body;
    this.#head.resolve({ status, statusMessage, headers, body });
  }

  data(chunk: Buffer): void {
    if (this.#isOver) return;
    this.#timer?.refresh();
    this.#body?.push(chunk);
  }

  end(): void {
    if (this.#isOver) return;
    this.#settle();
    this.#body?.finish();
  }

  /** The source broke; it is at its end already. */
  fail(reason: string, cause?: unknown): void {
    const { url } = this.#call;
    this.#break(this.hasHead ? brokeOff(url, reason, cause) : noAnswer(url, reason, cause));
  }

  readonly #onAbort = (): void => {
    this.#giveUp(abortReason(this.#call.signal));
  };

  #watchSilence(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#giveUp(fellSilent(this.#call.url, this.#limits.idleMs));
    }, this.#limits.idleMs);
  }

  #giveUp(error: Error): void {
    if (this.#isOver) return;
    this.#break(error);
    this.#source.end();
  }

  #break(error: Error): void {
    if (this.#isOver) return;
    this.#settle();
    if (this.#body === undefined) this.#head.reject(error);
    else this.#body.break(error);
  }

  #settle(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#call.signal.removeEventListener('abort', this.#onAbort);
    this.#over.resolve(undefined);
  }
}
