import * as http from 'node:http';
import * as https from 'node:https';
import type { Socket } from 'node:net';
import { createProxyMiddleware, type RequestHandler } from 'http-proxy-middleware';
import { codeOf, CodexPlusError } from '../kernel/errors.ts';
import type { RawHeaders } from '../kernel/headers.ts';

/** Where a request that we don't own goes, and with which headers. */
export interface PassthroughHop {
  readonly url: URL;
  /** The whole list; `host`, `connection`, `content-length` and `transfer-encoding` are the connection's. */
  readonly headers: RawHeaders;
}

/** Decides the hop of a request; throws a CodexPlusError where there is none. */
export type ChooseHop = (req: http.IncomingMessage) => PassthroughHop;

/** The lane for everything that no feature owns. */
export interface PassthroughLane {
  readonly serve: (
    req: http.IncomingMessage,
    res: http.ServerResponse,
    next: (error: unknown) => void,
  ) => Promise<void>;
  readonly upgrade: (req: http.IncomingMessage, socket: Socket, head: Buffer) => void;
}

const ofTheConnection = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'upgrade',
  'sec-websocket-key',
]);

interface PassthroughOptions {
  readonly chooseHop: ChooseHop;
  /** The proxy variables of the environment, for upstreams that are not on loopback. */
  readonly proxyEnv: NodeJS.ProcessEnv;
  /** Hears of every request that is over. */
  readonly onFinished: (request: PassthroughFigures) => void;
}

/** What is known of a passed request; the query may hold secrets and is left out. */
export interface PassthroughFigures {
  readonly method: string | undefined;
  readonly path: string;
  readonly status: number;
  readonly host: string;
  readonly error: string | undefined;
  readonly totalMs: number;
}

/** Streams requests and answers through http-proxy-middleware; nothing is buffered, nothing is added. */
export function createPassthroughLane({
  chooseHop,
  proxyEnv,
  onFinished,
}: PassthroughOptions): PassthroughLane {
  const hops = new WeakMap<http.IncomingMessage, PassthroughHop>();
  const hopOf = (req: http.IncomingMessage): PassthroughHop => {
    const known = hops.get(req);
    if (known !== undefined) return known;
    const hop = chooseHop(req);
    hops.set(req, hop);
    return hop;
  };
  const proxyThrough = (agent: http.Agent): RequestHandler =>
    createProxyMiddleware({
      agent,
      changeOrigin: true,
      xfwd: false,
      router: (req) => hopOf(req).url.origin,
      pathRewrite: (_path, req) => hopOf(req).url.pathname + hopOf(req).url.search,
      on: {
        proxyReq: (outgoing, req) => {
          setHeaders(outgoing, hopOf(req).headers);
        },
        proxyReqWs: (outgoing, req) => {
          setHeaders(outgoing, hopOf(req).headers);
        },
        // Named so that the library leaves the answer to us: the error comes to `next`.
        error: () => undefined,
      },
    });
  const plain = proxyThrough(new http.Agent({ keepAlive: true, proxyEnv }));
  const secure = proxyThrough(new https.Agent({ keepAlive: true, proxyEnv }));
  const laneOf = (req: http.IncomingMessage): RequestHandler =>
    hopOf(req).url.protocol === 'https:' ? secure : plain;

  return {
    serve: async (req, res, next) => {
      const startedAt = performance.now();
      const { url } = hopOf(req);
      let error: CodexPlusError | undefined;
      res.once('close', () => {
        onFinished({
          method: req.method,
          path: url.pathname,
          status: res.statusCode,
          host: url.host,
          error: error?.message,
          totalMs: Math.round(performance.now() - startedAt),
        });
      });
      await laneOf(req)(req, res, (cause) => {
        error = unreachable(cause, url);
        next(error);
      });
    },
    upgrade: (req, socket, head) => {
      laneOf(req).upgrade(req, socket, head);
    },
  };
}

/** Makes the outgoing list what the hop says; names keep the case in which they are given. */
function setHeaders(outgoing: http.ClientRequest, headers: RawHeaders): void {
  for (const name of outgoing.getHeaderNames()) if (!ofTheConnection.has(name)) outgoing.removeHeader(name);
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] ?? '';
    if (!ofTheConnection.has(name.toLowerCase())) outgoing.appendHeader(name, headers[i + 1] ?? '');
  }
}

function unreachable(cause: unknown, url: URL): CodexPlusError {
  if (cause instanceof CodexPlusError) return cause;
  const reason = codeOf(cause) ?? String(cause);
  return new CodexPlusError('upstream_unreachable', `${url.host} could not be reached: ${reason}`, { cause });
}
