import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import { asCodexPlusError, codeOf, CodexPlusError, type ErrorCode } from '../kernel/errors.ts';
import { withoutQuery } from '../protocol/api-path.ts';
import { answerHeadersForNextHop } from '../protocol/hop-by-hop.ts';
import { fellSilent, noAnswer, noHeadInTime } from '../upstreams/transport/call-errors.ts';
import { readError, type PassedAnswer, type TellError } from './passed-error.ts';
import { isClientLeft } from './read/client-left.ts';
import type { PassedFigures } from './passed-figures.ts';
import type { CleanWords } from '../upstreams/words/clean-words.ts';
import { sendError } from './send-error.ts';
import { writeHead } from './write/write-head.ts';
import { clientLeftStatus } from './write/written.ts';

/** The errors of what was not sent on: of a body that was read here, or of one that nobody takes. */
const unsent: ReadonlySet<ErrorCode> = new Set([
  ...['invalid_body', 'body_too_large', 'overloaded'],
  // It went nowhere.
  ...['model_not_found', 'provider_key_missing', 'no_route', 'upstream_not_ready'],
] as const);

interface PassedRequestOptions {
  readonly id: string;
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  /** Where it goes; `undefined` until its body is read, where that decides it. */
  readonly url: URL | undefined;
  /** Of errors. */
  readonly cleanWords: CleanWords;
  readonly limits: { readonly headersMs: number; readonly idleMs: number };
  /** Hears of it once, when the client's connection has taken the answer or is gone. */
  readonly onFinished: (figures: PassedFigures) => void;
}

interface Destination {
  readonly url: URL;
  readonly body: Buffer | undefined;
  readonly tellError: TellError | undefined;
}

/**
 * A request that is passed through, from its hop to the last byte of its answer. Whatever becomes of the call
 * behind it, the client gets an answer or a broken connection, and the log line says which.
 */
export class PassedRequest {
  readonly #options: PassedRequestOptions;
  #url: URL | undefined;
  #hasHead = false;
  #body: Buffer | undefined;
  #tellError: TellError | undefined;
  #error: CodexPlusError | undefined;

  constructor(options: PassedRequestOptions) {
    this.#options = options;
    this.#url = options.url;
    const startedAt = performance.now();
    options.res.once('close', () => {
      options.onFinished(this.#figures(Math.round(performance.now() - startedAt)));
    });
  }

  /** Where it goes is decided. A body that was read goes out in place of what is left of the request's. */
  goesTo({ url, body, tellError }: Destination): void {
    this.#url = url;
    this.#body = body;
    this.#tellError = tellError;
  }

  /** The call has a connection: from now on its silence and its end are watched. */
  sent(outgoing: ClientRequest, url: URL): void {
    const { res, limits } = this.#options;
    outgoing.setTimeout(limits.headersMs);
    // The library pipes the request behind it, of which only the end is left.
    if (this.#body !== undefined) outgoing.end(this.#body);
    this.#body = undefined;
    outgoing.on('timeout', () => {
      if (!this.#hasHead) this.#giveUpHead(outgoing, url);
      // A client that takes its time is not the upstream's silence; the server ends one that takes nothing.
      else if (res.writableNeedDrain) outgoing.setTimeout(limits.idleMs);
      else outgoing.destroy(fellSilent(url, limits.idleMs));
    });
    outgoing.once('response', () => outgoing.setTimeout(limits.idleMs));
    // Without this listener Node closes the connection and tells nobody.
    outgoing.once('upgrade', (_incoming, socket) => {
      socket.destroy();
      this.fail(new Error('it switched to another protocol'));
    });
    outgoing.once('close', () => {
      if (!this.#hasHead) this.fail(new Error('it closed the connection without an answer'));
    });
  }

  /** The connection was silent for as long as a head may take; whose fault it is depends on who has to go on. */
  #giveUpHead(outgoing: ClientRequest, url: URL): void {
    const { req, res, limits } = this.#options;
    if (req.complete || outgoing.writableNeedDrain) {
      outgoing.destroy(noHeadInTime(url, limits.headersMs));
      return;
    }
    res.setHeader('connection', 'close');
    this.fail(
      new CodexPlusError(
        'request_timeout',
        `nothing more of the request body came within ${limits.headersMs} ms; send the request again, or raise timeouts.headersMs in codex_plus.json`,
      ),
    );
    // Nothing of it is waited for.
    res.end();
    outgoing.destroy();
  }

  /** Passes the answer on as its bytes come. */
  answered(incoming: IncomingMessage): void {
    this.#hasHead = true;
    const { res } = this.#options;
    if (res.destroyed || res.headersSent) {
      incoming.destroy();
      return;
    }
    incoming.once('error', (cause) => {
      this.fail(cause);
    });
    const { statusCode: status = 0, rawHeaders } = incoming;
    const headers = answerHeadersForNextHop(rawHeaders);
    const { req, cleanWords } = this.#options;
    if (status < 400 || req.method === 'HEAD') {
      this.#pass(incoming, { headers, body: incoming });
      return;
    }
    const reading = { headers, clean: cleanWords, tell: this.#tellError };
    readError(incoming, reading).then(
      (answer) => {
        if (answer instanceof CodexPlusError) sendError(req, res, answer, this.#options.id);
        else this.#pass(incoming, answer);
      },
      (cause: unknown) => {
        this.fail(cause);
      },
    );
  }

  #pass(incoming: IncomingMessage, { headers, body }: PassedAnswer): void {
    const { res, cleanWords } = this.#options;
    if (res.destroyed || res.headersSent) {
      incoming.destroy();
      return;
    }
    try {
      const { statusCode: status = 0, statusMessage = '' } = incoming;
      // What the upstream did not say is not added.
      res.sendDate = false;
      writeHead(res, {
        ...{ status, headers },
        statusMessage: status >= 400 ? cleanWords(statusMessage) : statusMessage,
      });
    } catch (fault) {
      this.fail(fault);
      incoming.destroy();
      return;
    }
    body.pipe(res);
  }

  /** Ends it with an error; the first one counts. */
  fail(cause: unknown): void {
    const { id, req, res } = this.#options;
    if (isClientLeft(cause)) return;
    if (this.#error !== undefined || res.destroyed || res.writableEnded) return;
    this.#error = errorOf(cause, this.#url);
    sendError(req, res, this.#error, id);
  }

  #ending(): PassedFigures['ending'] {
    if (this.#error === undefined) return this.#options.res.writableFinished ? 'completed' : 'client-left';
    if (this.#error.code === 'request_timeout') return 'client-left';
    return unsent.has(this.#error.code) ? 'local' : 'upstream-broke';
  }

  #figures(totalMs: number): PassedFigures {
    const { id, req, res } = this.#options;
    const error = this.#error;
    return {
      ...{ id, error, totalMs },
      method: req.method,
      path: this.#url?.pathname ?? withoutQuery(req.url ?? ''),
      host: this.#url?.host ?? '',
      status: res.headersSent ? res.statusCode : clientLeftStatus,
      ending: this.#ending(),
    };
  }
}

/** The error of a call that a library or the system gave up. */
export function errorOf(cause: unknown, url: URL | undefined): CodexPlusError {
  if (url === undefined || cause instanceof CodexPlusError) return asCodexPlusError(cause);
  return noAnswer(url, reasonOf(cause), cause);
}

function reasonOf(cause: unknown): string {
  // Not by class: errors of Node's core may be of another realm than this code.
  const isError = typeof cause === 'object' && cause !== null && 'message' in cause;
  return codeOf(cause) ?? String(isError ? cause.message : cause);
}
