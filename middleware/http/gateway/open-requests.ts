import type { RequestId } from '@modelcontextprotocol/server';

/** The requests of one session that have no answer yet. */
export class OpenRequests {
  readonly #open = new Map<RequestId, AbortController>();

  /** A signal that is aborted once the request has its answer, or `given` is aborted. */
  signalOf(id: RequestId, given: AbortSignal): AbortSignal {
    const known = this.#open.get(id);
    if (known !== undefined) return known.signal;
    const over = new AbortController();
    this.#open.set(id, over);
    const end = (): void => {
      this.end(id);
    };
    given.addEventListener('abort', end, { once: true });
    if (given.aborted) end();
    return over.signal;
  }

  end(id: RequestId): void {
    this.#open.get(id)?.abort();
    this.#open.delete(id);
  }
}
