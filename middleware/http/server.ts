import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { RequestHandler } from './request-handler.ts';
import { isWebSocket } from './upgrade.ts';

/** The HTTP server of the handler. */
export interface HttpServer {
  /** Resolves with the bound address; rejects when the port is taken. */
  readonly listen: (host: string, port: number) => Promise<AddressInfo>;
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

/**
 * Creates the server; it listens when told to. A client may take nothing of an answer that waits for it for
 * `clientIdleMs`.
 */
export function createHttpServer(
  { handle, upgrade, drain: refuseMore, endCalls, untilOver }: RequestHandler,
  clientIdleMs: number,
): HttpServer {
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
      res.on('timeout', endIfNotTaken);
      handle(req, res);
    },
  );
  // By a property: a listener of the server's would have to end the connections that are kept for a next request, too.
  server.timeout = clientIdleMs;
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('upgrade', upgrade);

  return {
    listen: (host, port) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          resolve(server.address() as AddressInfo);
        });
      }),
    drain: (deadlineMs) => {
      refuseMore();
      return drain(server, sockets, { deadlineMs, endCalls, untilOver });
    },
  };
}

/** Its connection was silent both ways for `clientIdleMs`. Where nothing waits to be taken, it is the upstream's turn. */
function endIfNotTaken(socket: Socket): void {
  if (socket.writableLength > 0) socket.destroy();
}

interface Drain extends Pick<RequestHandler, 'endCalls' | 'untilOver'> {
  readonly deadlineMs: number;
}

async function drain(
  server: Server,
  sockets: ReadonlySet<Socket>,
  { deadlineMs, endCalls, untilOver }: Drain,
): Promise<void> {
  const endsAt = performance.now() + deadlineMs;
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
  const endRest = (): void => {
    server.closeAllConnections();
    // Node forgets the connections that were upgraded, and yet waits for them.
    for (const socket of sockets) socket.destroy();
  };
  const deadline = setTimeout(() => {
    endCalls().then(endRest, endRest);
  }, deadlineMs);
  await closed;
  clearInterval(idle);
  clearTimeout(deadline);
  // A call may go on though its client left, and what it used is told at its end.
  await untilOver(endsAt - performance.now());
}
