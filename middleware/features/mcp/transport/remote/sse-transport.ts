import { SSEClientTransport, SseError } from '@modelcontextprotocol/client';
import { visibleLine } from '../../../../kernel/visible-text.ts';

/**
 * A server over SSE, whose answers come over one stream. With that the connection ends: what was asked is answered over no other
 * one, and the SDK would ask for another one as often as the server likes.
 */
// eslint-disable-next-line @typescript-eslint/no-deprecated -- Servers that speak nothing else are still there.
export class SseTransport extends SSEClientTransport {
  #isStarted = false;
  #ending: string | undefined;

  /** How it ended by itself; `undefined` where it did not. */
  get ending(): string | undefined {
    return this.#ending;
  }

  override async start(): Promise<void> {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- As above.
    await super.start();
    this.#isStarted = true;
  }

  /** Hears of each error. */
  readonly onFault = (error: Error): void => {
    if (!(error instanceof SseError) || !this.#isStarted || this.#ending !== undefined) return;
    this.#ending = `ended its event stream (${visibleLine(error.message, 200)})`;
    this.close().catch(() => undefined);
  };
}
