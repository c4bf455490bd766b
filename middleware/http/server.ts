import { randomUUID } from 'node:crypto';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { asCodexPlusError, CodexPlusError } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import { runOwned } from '../platform/process/request-owner.ts';
import { ownedApi, pathBelowRoot, withoutLastSlash } from '../protocol/api-path.ts';
import type { PassthroughLane } from './passthrough.ts';
import { sendError } from './send-error.ts';
import type { ExchangeLane } from './serve-exchange.ts';
import { isResponsesUpgrade, isWebSocket, refuseUpgrade } from './upgrade.ts';

interface HttpServerOptions {
  readonly exchange: ExchangeLane;
  /** The local and the passthrough lane. */
  readonly app: RequestListener;
  readonly passthrough: PassthroughLane;
  /** Refuses requests before any lane sees them. */
  readonly guard: (req: IncomingMessage) => CodexPlusError | undefined;
  /** How long a client may take nothing of an answer that waits for it. */
  readonly clientIdleMs: number;
  readonly log: Log;
}

/** The HTTP server with its three lanes. */
export interface HttpServer {
  /** Resolves with the bound address; rejects when the port is taken. */
  readonly listen: (host: string, port: number) => Promise<AddressInfo>;
  readonly isDraining: () => boolean;
  /** Takes nothing new, lets what runs finish for at most `deadlineMs`, then ends it. */
  readonly drain: (deadlineMs: number) => Promise<void>;
}

/** Longer than clients and load balancers keep idle connections, so that they close them first. */
const keepAliveTimeoutMs = 75_000;
/** A request's head must be there within this time (slow-loris). */
const headersTimeoutMs = 60_000;
/** How often Node looks for heads and bodies that are late; by itself every 30 s. */
const lateCheckMs = 1_000;
/** A body of the largest size over a slow line. */
const requestTimeoutMs = 600_000;
/** A ChatGPT login and Codex's turn metadata take several kilobytes; Node's 16 KiB leaves too little room. */
const maxHeaderBytes = 64 * 1024;
/** How often a drain looks for connections that became idle. */
const drainStepMs = 100;

/** Creates the server; it listens when told to. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  let draining = false;
  const server = createServer(
    {
      keepAliveTimeout: keepAliveTimeoutMs,
      headersTimeout: headersTimeoutMs,
      requestTimeout: requestTimeoutMs,
      connectionsCheckingInterval: lateCheckMs,
      // A client may offer a protocol that nobody here speaks: then it is answered as if it had not.
      shouldUpgradeCallback: isWebSocket,
      maxHeaderSize: maxHeaderBytes,
    },
    (req, res) => {
      // A stream's error that nobody listens to would end the process.
      res.on('error', () => res.destroy());
      res.on('timeout', endIfNotTaken);
      try {
        const fault = draining ? drainingError() : options.guard(req);
        if (fault === undefined) {
          chooseLane(req, res, options);
          return;
        }
        res.setHeader('connection', 'close');
        sendError(req, res, fault, randomUUID());
      } catch (fault) {
        answerFault(req, res, { fault, id: randomUUID(), log: options.log });
      }
    },
  );
  // By a property: a listener of the server's would have to end the connections that are kept for a next request, too.
  server.timeout = options.clientIdleMs;
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('upgrade', (req, socket, head) => {
    socket.on('error', () => {
      socket.destroy();
    });
    if (draining) refuseUpgrade(socket, drainingError());
    else upgrade(req, socket, head, options);
  });

  return {
    listen: (host, port) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          resolve(server.address() as AddressInfo);
        });
      }),
    isDraining: () => draining,
    drain: (deadlineMs) => {
      draining = true;
      return drain(server, sockets, deadlineMs);
    },
  };
}

/** Its connection was silent both ways for `clientIdleMs`. Where nothing waits to be taken, it is the upstream's turn. */
function endIfNotTaken(socket: Socket): void {
  if (socket.writableLength > 0) socket.destroy();
}

/** The exchange lane is taken before Express: its routing would cost each model call tens of microseconds. */
function chooseLane(req: IncomingMessage, res: ServerResponse, options: HttpServerOptions): void {
  const path = pathBelowRoot(req.url ?? '/');
  const api = req.method === 'POST' ? ownedApi(path) : undefined;
  const { exchange, app, log } = options;
  const id = randomUUID();
  const end = (fault: unknown): void => {
    answerFault(req, res, { fault, id, log });
  };
  if (api !== undefined) {
    exchange(req, res, { id, api, path: withoutLastSlash(path) }).catch(end);
    return;
  }
  runOwned({ id, end }, () => {
    app(req, res);
  });
}

/** Of a request whose lane failed: one line in the log, and an answer with the same id where there can be one. */
function answerFault(
  req: IncomingMessage,
  res: ServerResponse,
  { fault, id, log }: { readonly fault: unknown; readonly id: string; readonly log: Log },
): void {
  log.error('a request failed', { id, error: fault });
  sendError(req, res, asCodexPlusError(fault), id);
}

function upgrade(req: IncomingMessage, socket: Duplex, head: Buffer, options: HttpServerOptions): void {
  const id = randomUUID();
  try {
    const isRefused = isResponsesUpgrade(req) || !isWebSocket(req);
    const fault = options.guard(req) ?? (isRefused ? websocketUnsupported() : undefined);
    if (fault !== undefined) {
      refuseUpgrade(socket, fault);
      return;
    }
    const end = (): void => {
      socket.destroy();
    };
    runOwned({ id, end }, () => {
      options.passthrough.upgrade(req, socket as Socket, head);
    });
  } catch (fault) {
    const error = asCodexPlusError(fault);
    if (error.code === 'internal') options.log.error('an upgrade failed', { id, error: fault });
    refuseUpgrade(socket, error);
  }
}

function websocketUnsupported(): CodexPlusError {
  return new CodexPlusError(
    'websocket_unsupported',
    'use POST with server-sent events; this is not an error',
  );
}

function drainingError(): CodexPlusError {
  return new CodexPlusError('draining', 'codex-plus is stopping; send the request again', {
    retryAfterSeconds: 1,
  });
}

async function drain(server: Server, sockets: ReadonlySet<Socket>, deadlineMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
  const idle = setInterval(() => {
    server.closeIdleConnections();
    // Node takes a connection that never sent anything for one whose request is still coming.
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
  }, drainStepMs);
  const deadline = setTimeout(() => {
    server.closeAllConnections();
    // Node forgets the connections that were upgraded, and yet waits for them.
    for (const socket of sockets) socket.destroy();
  }, deadlineMs);
  await closed;
  clearInterval(idle);
  clearTimeout(deadline);
}
