import type { IncomingMessage } from 'node:http';
import express, { type ErrorRequestHandler, type Express, type Router } from 'express';
import { asCodexPlusError } from '../kernel/errors.ts';
import { unauthorized } from '../pipeline/stages/identify.ts';
import type { PassthroughLane } from './passthrough.ts';
import { sendError } from './send-error.ts';

interface AppOptions {
  /** What is answered here to everybody, one router for each concern. */
  readonly open: readonly Router[];
  /** What is answered here to callers with a key, where one is asked. */
  readonly guarded: readonly Router[];
  readonly isKnown: (req: IncomingMessage) => boolean;
  readonly passthrough: PassthroughLane;
}

/** The local and the passthrough lane. Model calls do not come here: the server takes them before. */
export function createApp({ open, guarded, isKnown, passthrough }: AppOptions): Express {
  const app = express();
  // What an upstream did not say is not added to its answers.
  app.disable('x-powered-by');
  app.disable('etag');
  for (const router of open) app.use(router);
  app.use((req, _res, next) => {
    next(isKnown(req) ? undefined : unauthorized());
  });
  for (const router of guarded) app.use(router);
  app.use((req, res, next) => {
    passthrough.serve(req, res, next).catch(next);
  });
  app.use(answerError);
  return app;
}

const answerError: ErrorRequestHandler = (error, req, res, _next) => {
  sendError(req, res, asCodexPlusError(error));
};
