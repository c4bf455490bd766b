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
}

/**
 * `GET /healthz`: the process lives, and what commands of Codex may do. `GET /readyz`: it can answer model calls; 503 with the reason if not.
 * `GET /health`: always 200 while the process lives, with the state of every part, and the models that a call would be answered for.
 */
export function createHealthRoutes(
  report: () => HealthReport,
  servedNow: () => Promise<readonly string[]>,
): Router {
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
  router.get('/health', async (_req, res) => {
    const models = await servedNow();
    const { draining, notReadyReason, details } = report();
    const status = draining ? 'stopping' : notReadyReason === undefined ? 'ok' : 'degraded';
    res.json({
      ...{ status, ...(notReadyReason === undefined ? {} : { reason: notReadyReason }) },
      ...{ ...details, models },
    });
  });
  return router;
}
