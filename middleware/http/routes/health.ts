import type { IncomingMessage } from 'node:http';
import { Router } from 'express';

/** What the health routes tell, asked afresh at every request. */
export interface HealthReport {
  readonly draining: boolean;
  /** Whether a model call could be answered now; the reason why not otherwise. */
  readonly notReadyReason: string | undefined;
  /** What commands of Codex may do, where it is a model here. */
  readonly sandboxMode: string | undefined;
  /** Shown as it is by `GET /health`. */
  readonly details: Readonly<Record<string, unknown>>;
  /** The same for strangers, without the names of models. */
  readonly openDetails: Readonly<Record<string, unknown>>;
}

interface HealthOptions {
  readonly report: () => HealthReport;
  /** The models that a call would be answered for now. */
  readonly servedNow: () => Promise<readonly string[]>;
  /** Whether a request comes from somebody who may call, and so may know the names of models. */
  readonly isKnown: (req: IncomingMessage) => boolean;
  /** The names that strangers are told as well. */
  readonly openNames: readonly string[];
}

/**
 * `GET /healthz`: the process lives, and what commands of Codex may do. `GET /readyz`: it can answer model calls; 503 with the reason if not.
 * `GET /health`: always 200 while the process lives, with the state of every part, and the models that a call would be answered for; strangers are told
 * the names that the list of models tells them.
 */
export function createHealthRoutes({ report, servedNow, isKnown, openNames }: HealthOptions): Router {
  const router = Router();
  router.get('/healthz', (_req, res) => {
    const { sandboxMode } = report();
    res.json({ ok: true, ...(sandboxMode === undefined ? {} : { sandbox_mode: sandboxMode }) });
  });
  router.get('/readyz', (_req, res) => {
    const { draining, notReadyReason } = report();
    const reason = draining ? 'stopping' : notReadyReason;
    if (reason === undefined) res.json({ ready: true });
    else res.status(503).set('retry-after', '5').json({ ready: false, reason });
  });
  router.get('/health', async (req, res) => {
    const knows = isKnown(req);
    const names = knows ? await servedNow() : openNames;
    const { draining, notReadyReason, details, openDetails } = report();
    const status = draining ? 'stopping' : notReadyReason === undefined ? 'ok' : 'degraded';
    res.json({
      ...{ status, ...(notReadyReason === undefined ? {} : { reason: notReadyReason }) },
      ...(knows ? details : openDetails),
      ...(knows || names.length > 0 ? { models: names } : {}),
    });
  });
  return router;
}
