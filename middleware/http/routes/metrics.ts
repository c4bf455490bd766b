import { Router } from 'express';
import type { Metrics } from '../../platform/telemetry/metrics.ts';

/** `GET /metrics` in Prometheus' text format; `?format=json` as an object with estimated quantiles. */
export function createMetricsRoute(metrics: Metrics): Router {
  const router = Router();
  router.get('/metrics', async (req, res) => {
    if (req.query['format'] === 'json') {
      res.json(await metrics.snapshot());
      return;
    }
    res.set('content-type', metrics.contentType);
    res.end(await metrics.text());
  });
  return router;
}
