import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { homedir } from 'node:os';
import type { Duplex } from 'node:stream';
import { compose } from './compose.ts';
import { checkOptions } from './composition/check-options.ts';
import { closeAll } from './composition/close-all.ts';
import type { CodexPlusOptions } from './composition/codex-plus-options.ts';
import { createEmbeddedGuard } from './http/embedded-guard.ts';
import { isOurPath } from './http/is-our-path.ts';
import { createOwnUpgrades } from './http/own-upgrades.ts';
import type { RequestHandler } from './http/request-handler.ts';
import { sendError } from './http/send-error.ts';
import { untilEmpty } from './http/until-empty.ts';
import { refuseUpgrade } from './http/upgrade.ts';
import { CodexPlusError } from './kernel/errors.ts';
import type { Log } from './kernel/log.ts';
import { ConfigError } from './platform/config/config-error.ts';
import { loadConfig } from './platform/config/load-config.ts';
import { appSettings } from './platform/config/settings-place.ts';
import { findRoot } from './platform/release/find-root.ts';
import { readVersion } from './platform/release/read-version.ts';
import { makeStateFolder } from './platform/store/make-state-folder.ts';
import { createOwnLog } from './platform/secrets/own-log.ts';
import { createLitellmTier } from './upstreams/litellm/litellm-tier.ts';

export type { CodexPlusOptions };
export { ConfigError };

/** A handler for `app.use()` of Express 5, or for a server of Node's own. */
export interface CodexPlus {
  /**
   * Answers model calls and the routes of the middleware; calls `next` for every other path. Has to stand before
   * whatever reads bodies, for example `express.json()`. Does nothing with a request that the app has begun to answer.
   */
  (req: IncomingMessage, res: ServerResponse, next?: (error?: unknown) => void): void;
  /**
   * For the server's event `upgrade`; without it, clients that try WebSockets fall back to HTTP. Takes those that
   * are for this middleware and says whether it did; all others are the app's and stay untouched. Where it is the
   * server's only listener, nobody else would answer those, so it refuses them.
   */
  readonly upgrade: (req: IncomingMessage, socket: Duplex, head: Buffer) => boolean;
  /**
   * Takes nothing new, lets what runs finish for at most `server.drainTimeoutMs`, then ends it, LiteLLM and all sessions. The
   * server stays its owner's. Rejects at the end if a part could not be ended; all the others were.
   */
  readonly close: () => Promise<void>;
}

/**
 * The middleware as a handler. Starts LiteLLM at once where the settings have it managed here. Throws a ConfigError
 * with every fault of the options or of the settings. Touches nothing of the process: no signals, no exit, no handlers for faults.
 */
export function codexPlus(options: CodexPlusOptions = {}): CodexPlus {
  checkOptions(options);
  const { path = '/', settings, env = process.env, homeDir = homedir() } = options;
  const ownUpgrade = createOwnUpgrades(path);
  const rootDir = findRoot(import.meta.dirname);
  const config = loadConfig({ rootDir, env, isTerminal: false, ...(settings !== undefined && { settings }) });
  makeStateFolder(config.stateDir);
  const log = options.log ?? createOwnLog(config, env);
  const litellm = createLitellmTier({ config: config.litellm, rootDir, env, log });
  const version = readVersion(rootDir);
  const { handler, close } = compose({
    ...{ config, env, log, litellm, version, homeDir },
    now: () => performance.now(),
    ...(settings !== undefined && { settingsPlace: appSettings }),
  });
  const guard = createEmbeddedGuard(config.server);
  const running = new Set<ServerResponse | Duplex>();
  const untilClosed = (stream: ServerResponse | Duplex): void => {
    running.add(stream);
    stream.once('close', () => running.delete(stream));
  };
  let closing: Promise<void> | undefined;
  const closeInOrder = async (): Promise<void> => {
    handler.drain();
    await untilOver(running, handler, config.server.drainTimeoutMs);
    await handler.endCalls();
    for (const stream of running) stream.destroy();
    await closeAll([() => litellm.stop(), close]);
  };
  litellm.start();

  const answer = (req: IncomingMessage, res: ServerResponse, next?: (error?: unknown) => void): void => {
    if (next !== undefined && !isOurPath(req.url ?? '/')) {
      next();
      return;
    }
    if (isAnswered(res, log)) return;
    untilClosed(res);
    const fault = guard(req);
    if (fault === undefined) handler.handle(req, res);
    else sendError(req, res, fault, randomUUID());
  };
  const refuse = (socket: Duplex, fault: CodexPlusError): void => {
    // The server no longer listens for it, and one that nobody listens to would end the process.
    socket.on('error', () => socket.destroy());
    refuseUpgrade(socket, fault);
  };
  // A server calls its listeners with itself as `this`.
  const upgrade = function (this: unknown, req: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    const url = ownUpgrade(req.url ?? '/');
    if (url === undefined) {
      const isAlone = this instanceof EventEmitter && this.listenerCount('upgrade') === 1;
      if (isAlone) refuse(socket, noWebSocket(path));
      return isAlone;
    }
    untilClosed(socket);
    const fault = guard(req);
    if (fault === undefined) handler.upgrade(requestTo(url, req), socket, head);
    else refuse(socket, fault);
    return true;
  };
  return Object.assign(answer, { upgrade, close: (): Promise<void> => (closing ??= closeInOrder()) });
}

/** A model call may go on though its client left, and what it used is told at its end. */
async function untilOver(
  running: ReadonlySet<unknown>,
  handler: RequestHandler,
  withinMs: number,
): Promise<void> {
  await Promise.all([untilEmpty(running, withinMs), handler.untilOver(withinMs)]);
}

/** Whether nobody would get an answer; a response that is closed never says so again. */
function isAnswered(res: ServerResponse, log: Log): boolean {
  if (res.destroyed) return true;
  const hasBegun = res.headersSent || res.writableEnded;
  if (hasBegun) log.warn('the app answered a request itself and gave it to codexPlus() as well');
  return hasBegun;
}

/** The request with another URL. The server's other listeners get the same object, and have to find it as it came. */
function requestTo(url: string, req: IncomingMessage): IncomingMessage {
  return Object.create(req, { url: { value: url, writable: true } }) as IncomingMessage;
}

/** Codex takes it as the sign to go on over HTTP, also where the app did not say at which path it mounted us. */
function noWebSocket(path: string): CodexPlusError {
  return new CodexPlusError(
    'websocket_unsupported',
    `nothing here speaks another protocol than HTTP at this path; the WebSockets of codexPlus() are below ${JSON.stringify(path)} (its option "path")`,
  );
}
