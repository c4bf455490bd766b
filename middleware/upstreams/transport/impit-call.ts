import type { HttpMethod, Impit } from 'impit';
import type { BrowserCall, FromBrowser } from './browser-messages.ts';
import { collectGarbage } from './collect-garbage.ts';
import { answerHeadersFromImpit, requestHeadersForImpit } from './impit-headers.ts';

/** Resolves when the message has left this process: that is what makes impit read no faster than the other side. */
export type Tell = (message: FromBrowser) => Promise<void>;

/** The client for what goes through a proxy, or for what goes directly; throws where impit does not take the proxy. */
export type ClientFor = (proxyUrl: string | undefined) => Impit;

/** One call of impit, told piece by piece. */
export class ImpitCall {
  readonly #id: number;
  readonly #tell: Tell;
  readonly #abort = new AbortController();
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  #isCancelled = false;
  #pause: PromiseWithResolvers<void> | undefined;

  constructor(id: number, tell: Tell) {
    this.#id = id;
    this.#tell = tell;
  }

  /** Makes the call and tells all of its answer; never rejects. */
  async run(clientFor: ClientFor, { method, url, headers, body, proxyUrl }: BrowserCall): Promise<void> {
    const id = this.#id;
    try {
      const answer = await clientFor(proxyUrl).fetch(url, {
        method: method as HttpMethod,
        headers: requestHeadersForImpit(headers),
        ...(body.length > 0 ? { body } : {}),
        redirect: 'manual',
        signal: this.#abort.signal,
      });
      this.#reader = answer.body.getReader();
      // It was cancelled before there was anything to cancel.
      if (this.#isCancelled) this.cancel();
      const { status, statusText } = answer;
      await this.#tell({
        ...{ kind: 'head', id, status, statusMessage: statusText },
        headers: answerHeadersFromImpit(answer.headers),
      });
      await this.#tellBody();
      await this.#tell({ kind: 'end', id });
    } catch (error) {
      await this.#tell({ kind: 'failed', id, reason: reasonOf(error) });
    }
  }

  pause(): void {
    this.#pause ??= Promise.withResolvers();
  }

  resume(): void {
    this.#pause?.resolve();
    this.#pause = undefined;
  }

  /** Ends the call. impit hears of it once the head is there, and not before. */
  cancel(): void {
    this.#isCancelled = true;
    this.resume();
    if (this.#reader === undefined) return;
    this.#reader.cancel().catch(() => undefined);
    this.#reader = undefined;
    this.#abort.abort();
    collectGarbage();
  }

  async #tellBody(): Promise<void> {
    for (;;) {
      await this.#pause?.promise;
      const piece = await this.#reader?.read();
      if (piece?.value === undefined) return;
      const { buffer, byteOffset, byteLength } = piece.value;
      await this.#tell({ kind: 'data', id: this.#id, chunk: Buffer.from(buffer, byteOffset, byteLength) });
    }
  }
}

/** The name of the error and the last kind in its text. The text itself names addresses, and passwords of proxies. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no reason given';
  const kind = [...error.message.matchAll(/(?:kind|error): (\w+(?:\(\w+\))?)/g)].at(-1)?.[1];
  return kind === undefined ? error.name : `${error.name} (${kind})`;
}
