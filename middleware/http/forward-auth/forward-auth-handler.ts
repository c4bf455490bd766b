import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createCallerKeys, type CallerKeys } from '../../features/identity/caller-keys.ts';
import { asCodexPlusError, CodexPlusError } from '../../kernel/errors.ts';
import type { RawHeaders } from '../../kernel/headers.ts';
import type { Log } from '../../kernel/log.ts';
import type { ApiKey } from '../../platform/config/config.ts';
import { apiNamedIn, withoutQuery } from '../../protocol/api-path.ts';
import { clientOf } from '../../protocol/codex/client.ts';
import { errorReply } from '../../protocol/error-reply.ts';
import type { RequestHandler } from '../request-handler.ts';
import { refuseUpgrade } from '../upgrade.ts';
import { endAnswer } from '../write/end-answer.ts';

/** What the proxy copies into the request that it lets through, where it is told to: the name of the key, never the key. */
const callerHeader = 'x-codex-plus-caller';

/** A proxy asks without the body; what somebody else sends is not waited for. */
const maxBodyBytes = 1 << 20;

interface ForwardAuthOptions {
  /** Of which a request must carry one. Without any, none is let through. */
  readonly apiKeys: readonly ApiKey[];
  readonly log: Log;
  /** Whether each decision has a line in the log. */
  readonly logsDecisions: boolean;
}

/** What is decided about a request that waits at the proxy. */
type Decision =
  { readonly kind: 'caller'; readonly name: string } | { readonly kind: 'preflight' | 'refused' };

/**
 * Tells a proxy whether a request may go on: `/verify` is asked with its headers, and with what Traefik's ForwardAuth says
 * of it in `x-forwarded-method`, `-uri` and `-for`. 200 lets it through; what else is answered is for its client,
 * in the form that it would get from the middleware itself.
 */
export function createForwardAuthHandler(options: ForwardAuthOptions): RequestHandler {
  const keys = createCallerKeys(options.apiKeys);
  let draining = false;
  return {
    handle: (req, res) => {
      res.on('error', () => res.destroy());
      // The connections of a proxy are kept; one that has its answer while we stop must not bring the next request.
      if (draining) res.setHeader('connection', 'close');
      const id = randomUUID();
      try {
        answer(req, res, { ...options, keys, id });
      } catch (fault) {
        options.log.error('a request failed', { id, error: fault });
        sendRefusal(req, res, asCodexPlusError(fault), id);
      }
    },
    upgrade: (_req, socket) => {
      socket.on('error', () => {
        socket.destroy();
      });
      refuseUpgrade(socket, new CodexPlusError('invalid_path', 'nothing here speaks WebSocket'));
    },
    drain: () => {
      draining = true;
    },
    isDraining: () => draining,
    endCalls: () => Promise.resolve(),
    untilOver: () => Promise.resolve(),
  };
}

interface Answering extends ForwardAuthOptions {
  readonly keys: CallerKeys;
  readonly id: string;
}

function answer(req: IncomingMessage, res: ServerResponse, answering: Answering): void {
  const path = withoutQuery(req.url ?? '');
  if (path === '/verify') verify(req, res, answering);
  else if (path === '/healthz' && (req.method === 'GET' || req.method === 'HEAD'))
    sendJson(res, 200, { ok: true });
  else {
    const error = {
      message: 'there is nothing here',
      type: 'invalid_request_error',
      param: null,
      code: null,
    };
    sendJson(res, 404, { error });
  }
}

function verify(
  req: IncomingMessage,
  res: ServerResponse,
  { keys, id, log, logsDecisions }: Answering,
): void {
  const decision = decide(req, keys);
  if (logsDecisions) logDecision(log, { req, id, decision });
  if (decision.kind === 'refused') {
    sendRefusal(req, res, noKey(), id);
    return;
  }
  const caller = decision.kind === 'caller' ? [callerHeader, decision.name] : [];
  res.writeHead(200, [...caller, 'content-length', '0']);
  endAnswer(res, Buffer.alloc(0), maxBodyBytes);
}

function decide(req: IncomingMessage, keys: CallerKeys): Decision {
  if (isPreflight(req)) return { kind: 'preflight' };
  const { kind, name } = keys.identify(req.rawHeaders) ?? {};
  return kind === 'key' && name !== undefined ? { kind: 'caller', name } : { kind: 'refused' };
}

/**
 * Whether a browser asks what it may send (Fetch, "CORS-preflight request"): it has no key in it. Other OPTIONS may be a program's. Two
 * values of a header are joined, and are then no method: the client may have added one.
 */
function isPreflight({ headers }: IncomingMessage): boolean {
  const { origin, 'x-forwarded-method': method, 'access-control-request-method': asked } = headers;
  return method === 'OPTIONS' && origin !== undefined && asked !== undefined;
}

function noKey(): CodexPlusError {
  return new CodexPlusError(
    'unauthorized',
    'a key is asked for here: send yours as a bearer token, as x-api-key or as x-codex-plus-key',
    { headers: ['www-authenticate', 'Bearer realm="codex-plus"'] },
  );
}

function logDecision(
  log: Log,
  { req, id, decision }: { readonly req: IncomingMessage; readonly id: string; readonly decision: Decision },
): void {
  const { 'x-forwarded-method': method, 'x-forwarded-for': address } = req.headers;
  const path = withoutQuery(forwardedUri(req));
  const key = decision.kind === 'caller' ? decision.name : undefined;
  log.info('verified', { id, decision: decision.kind, key, method, path, address });
}

/** The path that the client called, with its query. */
function forwardedUri({ headers }: IncomingMessage): string {
  const uri = headers['x-forwarded-uri'];
  return typeof uri === 'string' ? uri : '';
}

function sendRefusal(req: IncomingMessage, res: ServerResponse, error: CodexPlusError, id: string): void {
  const { status, headers, body } = errorReply(error, {
    client: clientOf(req.rawHeaders),
    api: apiNamedIn(forwardedUri(req)),
    requestId: id,
  });
  send(res, { status, headers, bytes: body.bytes });
}

function sendJson(res: ServerResponse, status: number, value: unknown): void {
  const bytes = Buffer.from(JSON.stringify(value));
  const headers = ['content-type', 'application/json', 'content-length', String(bytes.length)];
  send(res, { status, headers, bytes });
}

interface Sent {
  readonly status: number;
  readonly headers: RawHeaders;
  readonly bytes: Buffer;
}

function send(res: ServerResponse, { status, headers, bytes }: Sent): void {
  res.writeHead(status, headers as string[]);
  endAnswer(res, bytes, maxBodyBytes);
}
