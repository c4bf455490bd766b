import { STATUS_CODES, type ClientRequest, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { CodexPlusError } from '../kernel/errors.ts';
import { noHeadInTime } from '../upstreams/transport/call-errors.ts';
import type { PassedFigures } from './passed-figures.ts';
import { errorOf } from './passed-request.ts';
import { refuseUpgrade } from './upgrade.ts';
import { clientLeftStatus } from './write/written.ts';

interface PassedUpgradeOptions {
  readonly id: string;
  readonly req: IncomingMessage;
  readonly socket: Socket;
  readonly url: URL;
  readonly headersMs: number;
  /** How long it may be silent both ways once it is there. */
  readonly idleMs: number;
  /** Hears of it once, when the client's connection is closed. */
  readonly onFinished: (figures: PassedFigures) => void;
}

/** A WebSocket that is passed through, from the request for it to its end. */
export class PassedUpgrade {
  readonly #options: PassedUpgradeOptions;
  #outgoing: ClientRequest | undefined;
  /** The connection behind it, once the upgrade was taken. */
  #upstream: Socket | undefined;
  /** Of the upstream's answer; 101 when it took the upgrade. */
  #status: number | undefined;
  #error: CodexPlusError | undefined;

  constructor(options: PassedUpgradeOptions) {
    this.#options = options;
    const startedAt = performance.now();
    const { socket } = options;
    socket.on('readable', this.#notice);
    socket.once('end', () => {
      if (this.#status === undefined) socket.destroy();
    });
    socket.once('close', () => {
      this.#outgoing?.destroy();
      this.#endUpstream();
      options.onFinished(this.#figures(Math.round(performance.now() - startedAt)));
    });
  }

  sent(outgoing: ClientRequest): void {
    const { url, headersMs } = this.#options;
    this.#outgoing = outgoing;
    outgoing.setTimeout(headersMs);
    outgoing.on('timeout', () => {
      if (this.#status === undefined) outgoing.destroy(noHeadInTime(url, headersMs));
    });
    outgoing.once('response', (incoming) => {
      const { statusCode = 0 } = incoming;
      // Without saying to what; the library writes nothing to a connection that has its answer.
      if (statusCode < 200) this.#refuseSwitch(outgoing);
      else this.#status = statusCode;
      // The library writes it as it came, and it may have bytes that end the line or are none of a head.
      incoming.statusMessage = STATUS_CODES[statusCode] ?? '';
    });
    // Before the library, which reads the client's frames from then on.
    outgoing.once('upgrade', ({ headers }, upstream) => {
      if (headers.upgrade?.trim().toLowerCase() !== 'websocket') {
        upstream.destroy();
        this.#refuseSwitch(outgoing);
        return;
      }
      this.#status = 101;
      this.#upstream = upstream;
      const { socket, idleMs } = this.#options;
      socket.off('readable', this.#notice);
      // What the upstream says goes out on it, so it hears both.
      socket.setTimeout(idleMs, () => socket.destroy());
    });
    outgoing.once('close', () => {
      if (this.#status === undefined) this.fail(new Error('it closed the connection without an answer'));
    });
  }

  /** Refuses the upgrade where it is not answered yet, and ends what runs. */
  fail(cause: unknown): void {
    const { socket, url } = this.#options;
    if (this.#error !== undefined || socket.destroyed) return;
    this.#error = errorOf(cause, url);
    if (this.#status === undefined) refuseUpgrade(socket, this.#error);
    else socket.destroy();
  }

  /** The library ends it only where the client said that it ends; what is still to be written may take as long as silence. */
  #endUpstream(): void {
    const upstream = this.#upstream;
    upstream?.setTimeout(this.#options.idleMs, () => upstream.destroy());
    upstream?.destroySoon();
  }

  #refuseSwitch(outgoing: ClientRequest): void {
    this.fail(
      new CodexPlusError('upstream_unreadable', 'the upstream switched to a protocol that is not WebSocket'),
    );
    outgoing.destroy();
  }

  /** Only a connection that is read tells that its client left; what the client sends early stays in the buffer. */
  readonly #notice = (): void => {
    this.#options.socket.read(0);
  };

  #figures(totalMs: number): PassedFigures {
    const { id, req, url } = this.#options;
    const error = this.#error;
    const status = this.#status ?? error?.status ?? clientLeftStatus;
    return {
      ...{ id, error, totalMs, status },
      method: req.method,
      path: url.pathname,
      host: url.host,
      ending:
        error !== undefined ? 'upstream-broke' : status === clientLeftStatus ? 'client-left' : 'completed',
    };
  }
}
