import { idleConnectionMs } from '../platform/network/idle-connection.ts';
import * as http from 'node:http';
import * as https from 'node:https';
import type { Socket } from 'node:net';
import { createProxyMiddleware, type RequestHandler } from 'http-proxy-middleware';
import { CodexPlusError } from '../kernel/errors.ts';
import type { RawHeaders } from '../kernel/headers.ts';
import { currentRequestId } from '../platform/process/request-owner.ts';
import type { CleanWords } from '../upstreams/words/clean-words.ts';
import { createProxyResolver } from '../upstreams/transport/outbound-proxy.ts';
import { outgoingHeaders, upgradeHeaders } from './outgoing-headers.ts';
import type { TellError } from './passed-error.ts';
import type { PassedFigures } from './passed-figures.ts';
import { PassedRequest } from './passed-request.ts';
import { PassedUpgrade } from './passed-upgrade.ts';
import type { BodyLimits } from './read/read-body.ts';
import { readPassedJson } from './read-passed-json.ts';

/** Where a request that we don't own goes, and with which headers. */
export interface PassthroughHop {
  readonly url: URL;
  /** The whole list; `host`, `connection`, `content-length` and `transfer-encoding` are the connection's. */
  readonly headers: RawHeaders;
  /** Makes what goes on of a body that is a JSON object; bodies are streamed without it. Throws where it cannot be read. */
  readonly cleanBody?: (json: Buffer) => Buffer | Promise<Buffer>;
  /** What the client gets of an error; without it the error's bytes. */
  readonly tellError?: TellError;
}

/** A hop that is chosen once the body is read. */
interface HopByBody {
  /** Gets a body that is a JSON object, and `undefined` for any other; rejects where there is no hop. */
  readonly hopOf: (json: Buffer | undefined) => Promise<ReadHop>;
}

interface ReadHop extends Pick<PassthroughHop, 'url' | 'headers' | 'tellError'> {
  /** In place of the request's, where it is not `undefined`. */
  readonly body: Buffer | undefined;
}

/** Decides the hop of a request; rejects with a CodexPlusError where there is none. */
export type ChooseHop = (req: http.IncomingMessage) => Promise<PassthroughHop | HopByBody>;

/** The lane for everything that no feature owns. */
export interface PassthroughLane {
  /** Rejects where there is no hop; every other failure is answered. */
  readonly serve: (req: http.IncomingMessage, res: http.ServerResponse) => Promise<void>;
  readonly upgrade: (req: http.IncomingMessage, socket: Socket, head: Buffer) => Promise<void>;
}

interface PassthroughOptions {
  readonly chooseHop: ChooseHop;
  /** Bounds those bodies that are read. */
  readonly bodies: BodyLimits;
  /** Of errors. */
  readonly cleanWords: CleanWords;
  readonly limits: { readonly headersMs: number; readonly idleMs: number };
  readonly webSocketIdleMs: number;
  /** The proxy variables of the environment, for upstreams that are not on loopback. */
  readonly proxyEnv: NodeJS.ProcessEnv;
  /** Hears of every request that is over. */
  readonly onFinished: (request: PassedFigures) => void;
}

/**
 * Streams requests and answers through http-proxy-middleware; nothing is added, and no body is buffered but one
 * that has to be cleaned. The library makes the call and carries the request's body. What it would do only in
 * events that it leaves out at times, and what it answers by itself, is done here: the headers are made before it
 * sees the request, and answers and failures are written by `PassedRequest`.
 */
export function createPassthroughLane(options: PassthroughOptions): PassthroughLane {
  const { chooseHop, bodies, cleanWords, limits, webSocketIdleMs, proxyEnv, onFinished } = options;
  const urls = new WeakMap<http.IncomingMessage, URL>();
  const requests = new WeakMap<http.IncomingMessage, PassedRequest>();
  const upgrades = new WeakMap<http.IncomingMessage, PassedUpgrade>();
  const proxyThrough = proxyWith({ urls, requests, upgrades });
  const direct = both(agentsOf({}), proxyThrough);
  const proxied = both(agentsOf(proxyEnv), proxyThrough);
  const proxyFor = createProxyResolver(proxyEnv);
  // Node's agents would ask the proxy for loopback too, where only we can reach LiteLLM.
  const through = (url: URL): RequestHandler => {
    const [plain, secure] = proxyFor(url) === undefined ? direct : proxied;
    return url.protocol === 'https:' ? secure : plain;
  };

  return {
    serve: async (req, res) => {
      const chosen = await chooseHop(req);
      // The client left meanwhile.
      if (res.destroyed) return;
      const request = new PassedRequest({
        ...{ req, res, cleanWords, limits, onFinished },
        url: 'hopOf' in chosen ? undefined : chosen.url,
        id: currentRequestId(),
      });
      const fail = (cause: unknown): void => {
        request.fail(cause);
      };
      requests.set(req, request);
      const send = async (): Promise<void> => {
        const { url, headers, body, tellError } = await readHop(req, chosen, { res, bodies });
        request.goesTo({ url, body, tellError });
        urls.set(req, url);
        req.headers = outgoingHeaders(req, headers, body);
        await through(url)(req, res, fail);
      };
      send().catch(fail);
    },
    upgrade: async (req, socket, head) => {
      const chosen = await chooseHop(req);
      const { url, headers } = 'hopOf' in chosen ? await chosen.hopOf(undefined) : chosen;
      if (socket.destroyed) return;
      const { headersMs } = limits;
      const idleMs = webSocketIdleMs;
      urls.set(req, url);
      upgrades.set(
        req,
        new PassedUpgrade({ ...{ req, socket, url, headersMs, idleMs, onFinished }, id: currentRequestId() }),
      );
      req.headers = upgradeHeaders(req, headers);
      through(url).upgrade(req, socket, head);
    },
  };
}

/** What is known of the requests that the library carries. */
interface Carried {
  readonly urls: WeakMap<http.IncomingMessage, URL>;
  readonly requests: WeakMap<http.IncomingMessage, PassedRequest>;
  readonly upgrades: WeakMap<http.IncomingMessage, PassedUpgrade>;
}

function proxyWith({ urls, requests, upgrades }: Carried): (agent: http.Agent) => RequestHandler {
  return (agent) =>
    createProxyMiddleware({
      agent,
      changeOrigin: true,
      xfwd: false,
      selfHandleResponse: true,
      router: (req) => urls.get(req)?.origin ?? '',
      pathRewrite: (path, req) => {
        const url = urls.get(req);
        return url === undefined ? path : url.pathname + url.search;
      },
      on: {
        proxyReq: (outgoing, req) => {
          const url = urls.get(req);
          if (url !== undefined) requests.get(req)?.sent(outgoing, url);
        },
        proxyReqWs: (outgoing, req) => upgrades.get(req)?.sent(outgoing),
        proxyRes: (incoming, req) => requests.get(req)?.answered(incoming),
        error: (cause, req) => {
          requests.get(req)?.fail(cause);
          upgrades.get(req)?.fail(cause);
        },
      },
    });
}

interface Reading {
  readonly res: http.ServerResponse;
  readonly bodies: BodyLimits;
}

/** Reads the body where it has to be cleaned, or decides the hop. */
async function readHop(
  req: http.IncomingMessage,
  chosen: PassthroughHop | HopByBody,
  { res, bodies }: Reading,
): Promise<ReadHop> {
  if (!('hopOf' in chosen) && chosen.cleanBody === undefined) return { ...chosen, body: undefined };
  const share = bodies.shareOf();
  res.once('close', share.release);
  const read = await readPassedJson(req, { ...bodies, share });
  try {
    const hop = await hopWith(chosen, read?.isObject === true ? read.bytes : undefined);
    return { ...hop, body: hop.body ?? read?.bytes };
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new CodexPlusError('invalid_body', `the request body is not a JSON object: ${cause.message}`, {
      cause,
    });
  }
}

async function hopWith(chosen: PassthroughHop | HopByBody, json: Buffer | undefined): Promise<ReadHop> {
  if ('hopOf' in chosen) return chosen.hopOf(json);
  return { ...chosen, body: json && (await chosen.cleanBody?.(json)) };
}

function agentsOf(proxyEnv: NodeJS.ProcessEnv): readonly [http.Agent, https.Agent] {
  const settings = { keepAlive: true, timeout: idleConnectionMs, proxyEnv };
  return [new http.Agent(settings), new https.Agent(settings)];
}

function both<T>(
  [plain, secure]: readonly [http.Agent, https.Agent],
  make: (agent: http.Agent) => T,
): readonly [T, T] {
  return [make(plain), make(secure)];
}
