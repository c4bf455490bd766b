import express, { type ErrorRequestHandler, type Express, type Router } from 'express';
import { asCodexPlusError } from '../kernel/errors.ts';
import type { PassthroughLane } from './passthrough.ts';
import { sendError } from './send-error.ts';

interface AppOptions {
  /** What is answered here, one router for each concern. */
  readonly local: readonly Router[];
  readonly passthrough: PassthroughLane;
}

/** The local and the passthrough lane. Model calls do not come here: the server takes them before. */
export function createApp({ local, passthrough }: AppOptions): Express {
  const app = express();
  // What an upstream did not say is not added to its answers.
  app.disable('x-powered-by');
  app.disable('etag');
  for (const router of local) app.use(router);
  app.use((req, res, next) => {
    passthrough.serve(req, res, next).catch(next);
  });
  app.use(answerError);
  return app;
}

const answerError: ErrorRequestHandler = (error, req, res, _next) => {
  sendError(req, res, asCodexPlusError(error));
};
