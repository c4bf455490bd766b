import { SdkError, SdkErrorCode } from '@modelcontextprotocol/client';

/** For requests that a `ServerTime` ends, since the one of the SDK does not stand still. */
export const unlimitedMs = 2 ** 31 - 1;

/** The time that a server has for a call, which stands still while its user is asked something. */
export class ServerTime {
  readonly #over = new AbortController();
  #leftMs: number;
  #startedAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #pauses = 0;
  #hasEnded = false;

  constructor(limitMs: number) {
    this.#leftMs = limitMs;
    this.#start();
  }

  /** Aborted when the time is over. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  /** Waits for somebody who is not the server. */
  async standStill<T>(work: () => Promise<T>): Promise<T> {
    this.#pauses += 1;
    if (this.#pauses === 1) this.#stop();
    try {
      return await work();
    } finally {
      this.#pauses -= 1;
      if (this.#pauses === 0 && !this.#hasEnded) this.#start();
    }
  }

  end(): void {
    this.#hasEnded = true;
    clearTimeout(this.#timer);
  }

  #start(): void {
    this.#startedAt = performance.now();
    this.#timer = setTimeout(
      () => {
        this.#over.abort(new SdkError(SdkErrorCode.RequestTimeout, 'Request timed out'));
      },
      Math.max(1, this.#leftMs),
    ).unref();
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#leftMs -= performance.now() - this.#startedAt;
  }
}
