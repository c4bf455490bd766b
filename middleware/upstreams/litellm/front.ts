import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { pipeline } from 'node:stream';

interface FrontOptions {
  readonly host: string;
  readonly port: number;
  /** Where the LiteLLM that serves now is to be reached; read once for each connection. */
  readonly target: () => string | undefined;
}

/**
 * The one address of a LiteLLM whose processes come and go. A connection goes to the process that serves when it comes in,
 * and stays with it: a process that was replaced finishes what it is at, and no request is lost.
 */
export class Front {
  readonly #options: FrontOptions;
  readonly #server: Server;

  constructor(options: FrontOptions) {
    this.#options = options;
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
      this.#handOn(client);
    });
  }

  /** Takes connections from now on, if it does not already. */
  async open(): Promise<void> {
    if (this.#server.listening) return;
    const { host, port } = this.#options;
    this.#server.listen({ host, port, exclusive: true });
    await once(this.#server, 'listening');
  }

  /** Takes no more connections; those that are there go on. */
  close(): void {
    if (this.#server.listening) this.#server.close();
  }

  #handOn(client: Socket): void {
    const target = this.#options.target();
    if (target === undefined) {
      client.destroy();
      return;
    }
    const { hostname: host, port } = new URL(target);
    const litellm = connect({ host, port: Number(port), allowHalfOpen: true, noDelay: true });
    // What happens to one side happens to the other: an end, a break, a reader that is slow.
    pipeline(client, litellm, client, () => {
      client.destroy();
      litellm.destroy();
    });
  }
}
