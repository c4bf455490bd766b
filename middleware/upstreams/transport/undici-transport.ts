import { idleConnectionMs } from '../../platform/network/idle-connection.ts';
import { Agent, ProxyAgent, type Dispatcher } from 'undici';
import { codeOf } from '../../kernel/errors.ts';
import { runUnowned } from '../../platform/process/request-owner.ts';
import { abortReason, brokeOff, fellSilent, noAnswer, noHeadInTime, reasonOf } from './call-errors.ts';
import { PushStream } from './push-stream.ts';
import type { Transport, TransportAnswer, UpstreamCall } from './transport.ts';
import { usableProxy } from './usable-proxy.ts';

interface UndiciTransportOptions {
  readonly connectMs: number;
  readonly headersMs: number;
  readonly idleMs: number;
  /** URL of the outbound proxy for an upstream, if it is to be reached through one. */
  readonly proxyFor?: (url: URL) => string | undefined;
}

const proxyKinds = ['http:', 'https:', 'socks5:', 'socks:'];

/** HTTP/1.1 over undici's dispatcher, the leanest client that keeps header order and gives the bytes undecoded. */
export function createUndiciTransport(options: UndiciTransportOptions): Transport {
  const settings = {
    allowH2: false,
    pipelining: 1,
    keepAliveTimeout: idleConnectionMs,
    // Also where the upstream offers to keep it longer.
    keepAliveMaxTimeout: idleConnectionMs,
    headersTimeout: options.headersMs,
    bodyTimeout: options.idleMs,
    connect: { timeout: options.connectMs },
  };
  const direct = new Agent(settings);
  const proxied = new Map<string, Dispatcher>();

  const dispatcherFor = (url: URL): Dispatcher => {
    const proxy = options.proxyFor?.(url);
    if (proxy === undefined) return direct;
    let agent = proxied.get(proxy);
    if (agent === undefined) {
      agent = new ProxyAgent({ ...settings, uri: usableProxy(url, proxy, proxyKinds) });
      proxied.set(proxy, agent);
    }
    return agent;
  };

  return {
    call: (call) =>
      new Promise((resolve, reject) => {
        if (call.signal.aborted) {
          reject(abortReason(call.signal));
          return;
        }
        const request = {
          origin: call.url.origin,
          path: call.url.pathname + call.url.search,
          method: call.method,
          headers: call.headers as string[],
          body: call.body.length > 0 ? call.body : null,
        };
        const handler = new CallHandler(call, options, resolve, reject);
        // A connection that is made now serves other requests later.
        runUnowned(() => dispatcherFor(call.url).dispatch(request, handler));
      }),
    close: async () => {
      await Promise.all([direct.close(), ...[...proxied.values()].map((agent) => agent.close())]);
    },
  };
}

/** One call's callbacks from undici: resolves with the head, then feeds the body's stream. */
class CallHandler implements Dispatcher.DispatchHandler {
  readonly #call: UpstreamCall;
  readonly #limits: UndiciTransportOptions;
  readonly #resolve: (answer: TransportAnswer) => void;
  readonly #reject: (error: Error) => void;
  readonly #onAbort: () => void;
  #controller: Dispatcher.DispatchController | undefined;
  #body: PushStream | undefined;

  constructor(
    call: UpstreamCall,
    limits: UndiciTransportOptions,
    resolve: (answer: TransportAnswer) => void,
    reject: (error: Error) => void,
  ) {
    this.#call = call;
    this.#limits = limits;
    this.#resolve = resolve;
    this.#reject = reject;
    // Made before it is assigned: V8 puts a function literal that is assigned to a property into its old generation at once,
    // where it would keep its whole request alive until the next full collection.
    const onAbort = (): void => this.#controller?.abort(abortReason(call.signal));
    this.#onAbort = onAbort;
    call.signal.addEventListener('abort', this.#onAbort);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#call.signal.aborted) controller.abort(abortReason(this.#call.signal));
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    _headers: unknown,
    statusMessage = '',
  ): void {
    // Informational answers (100 Continue, 103 Early Hints) come before the one that counts.
    if (status < 200) return;
    const body = new PushStream({
      pause: () => {
        controller.pause();
      },
      resume: () => {
        controller.resume();
      },
      cancel: () => {
        controller.abort(new Error('the reader gave the answer up'));
      },
    });
    this.#body = body;
    this.#resolve({ status, statusMessage, headers: latin1(rawHeadersOf(controller)), body });
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#body?.push(chunk);
  }

  onResponseEnd(): void {
    this.#release();
    this.#body?.finish();
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    this.#release();
    if (this.#body === undefined) this.#reject(this.#noAnswer(error));
    else this.#body.break(this.#brokenBody(error));
  }

  #release(): void {
    this.#call.signal.removeEventListener('abort', this.#onAbort);
  }

  #noAnswer(cause: Error): Error {
    if (this.#call.signal.aborted) return abortReason(this.#call.signal);
    return codeOf(cause) === 'UND_ERR_HEADERS_TIMEOUT'
      ? noHeadInTime(this.#call.url, this.#limits.headersMs, cause)
      : noAnswer(this.#call.url, reasonOf(cause), cause);
  }

  #brokenBody(cause: Error): Error {
    if (this.#call.signal.aborted) return abortReason(this.#call.signal);
    return codeOf(cause) === 'UND_ERR_BODY_TIMEOUT'
      ? fellSilent(this.#call.url, this.#limits.idleMs, cause)
      : brokeOff(this.#call.url, reasonOf(cause), cause);
  }
}

/** undici hands on the names and values as buffers, in the order of the wire. */
function rawHeadersOf(controller: Dispatcher.DispatchController): readonly Buffer[] {
  const { rawHeaders } = controller as { rawHeaders?: unknown };
  return Array.isArray(rawHeaders) ? (rawHeaders as Buffer[]) : [];
}

function latin1(parts: readonly Buffer[]): string[] {
  return parts.map((part) => part.toString('latin1'));
}
