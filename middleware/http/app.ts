import type { IncomingMessage } from 'node:http';
import express, { type ErrorRequestHandler, type Express, type Router } from 'express';
import { unauthorized } from '../features/identity/unauthorized.ts';
import { asCodexPlusError } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import { currentRequestId } from '../platform/process/request-owner.ts';
import type { PassthroughLane } from './passthrough.ts';
import { sendError } from './send-error.ts';

interface AppOptions {
  /** What is answered here to everybody, one router for each concern. */
  readonly open: readonly Router[];
  /** What is answered here to callers with a key, where one is asked. */
  readonly guarded: readonly Router[];
  readonly isKnown: (req: IncomingMessage) => boolean;
  readonly passthrough: PassthroughLane;
  readonly log: Log;
}

/** The local and the passthrough lane. Model calls do not come here: the server takes them before. */
export function createApp({ open, guarded, isKnown, passthrough, log }: AppOptions): Express {
  const app = express();
  // What an upstream did not say is not added to its answers.
  app.disable('x-powered-by');
  app.disable('etag');
  for (const router of open) app.use(router);
  app.use((req, _res, next) => {
    next(isKnown(req) ? undefined : unauthorized());
  });
  for (const router of guarded) app.use(router);
  app.use(async (req, res) => {
    await passthrough.serve(req, res);
  });
  app.use(createErrorHandler(log));
  return app;
}

function createErrorHandler(log: Log): ErrorRequestHandler {
  return (thrown, req, res, _next) => {
    const error = asCodexPlusError(thrown);
    const id = currentRequestId();
    if (error.code === 'internal')
      log.error('a request failed', { id, path: req.path, error: thrown as unknown });
    sendError(req, res, error, id);
  };
}
