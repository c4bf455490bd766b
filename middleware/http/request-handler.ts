import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { asCodexPlusError, CodexPlusError } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import { runOwned } from '../platform/process/request-owner.ts';
import { ownedApi, pathBelowRoot, withoutLastSlash } from '../protocol/api-path.ts';
import type { Cors } from './cors.ts';
import type { PassthroughLane } from './passthrough.ts';
import { sendError } from './send-error.ts';
import type { ExchangeLane } from './serve-exchange.ts';
import { isResponsesUpgrade, isWebSocket, refuseUpgrade } from './upgrade.ts';

interface RequestHandlerOptions {
  readonly exchange: ExchangeLane;
  /** The local and the passthrough lane. */
  readonly app: (req: IncomingMessage, res: ServerResponse) => void;
  readonly passthrough: PassthroughLane;
  /** Refuses requests before any lane sees them. */
  readonly guard: (req: IncomingMessage) => CodexPlusError | undefined;
  readonly cors: Cors;
  /** Ends what waits for news of ours, when nothing new is taken any more. */
  readonly onDrain: () => void;
  readonly log: Log;
}

/** The three lanes, whatever server or router calls them. */
export interface RequestHandler {
  /** Answers a request; never throws. */
  readonly handle: (req: IncomingMessage, res: ServerResponse) => void;
  /** Answers an upgrade, for a server's event of that name; never throws. */
  readonly upgrade: (req: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** From now on all that comes is refused; what runs goes on. */
  readonly drain: () => void;
  readonly isDraining: () => boolean;
  /** Ends the model calls that still run: a stream with an error event. Resolves when they had the time for it. */
  readonly endCalls: () => Promise<void>;
  /** Resolves once no model call runs any more, also of those whose client left, or the time for it is over. */
  readonly untilOver: (withinMs: number) => Promise<void>;
}

/** Puts the lanes behind one handler. */
export function createRequestHandler(options: RequestHandlerOptions): RequestHandler {
  const { guard, cors, log } = options;
  let draining = false;
  return {
    handle: (req, res) => {
      // A stream's error that nobody listens to would end the process.
      res.on('error', () => res.destroy());
      try {
        cors.allow(req, res);
        const fault = draining ? drainingError() : guard(req);
        if (fault === undefined) {
          if (!cors.answerPreflight(req, res)) chooseLane(req, res, options);
          return;
        }
        res.setHeader('connection', 'close');
        sendError(req, res, fault, randomUUID());
      } catch (fault) {
        answerFault(req, res, { fault, id: randomUUID(), log });
      }
    },
    upgrade: (req, socket, head) => {
      socket.on('error', () => {
        socket.destroy();
      });
      if (draining) refuseUpgrade(socket, drainingError());
      else upgrade(req, socket, head, options);
    },
    drain: () => {
      draining = true;
      options.onDrain();
    },
    isDraining: () => draining,
    endCalls: () => options.exchange.endAll(drainingError()),
    untilOver: options.exchange.untilOver,
  };
}

/** The exchange lane is taken before Express: its routing would cost each model call tens of microseconds. */
function chooseLane(req: IncomingMessage, res: ServerResponse, options: RequestHandlerOptions): void {
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

function upgrade(req: IncomingMessage, socket: Duplex, head: Buffer, options: RequestHandlerOptions): void {
  const id = randomUUID();
  const refuse = (fault: unknown): void => {
    const error = asCodexPlusError(fault);
    if (error.code === 'internal') options.log.error('an upgrade failed', { id, error: fault });
    if (!socket.destroyed) refuseUpgrade(socket, error);
  };
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
      options.passthrough.upgrade(req, socket as Socket, head).catch(refuse);
    });
  } catch (fault) {
    refuse(fault);
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
