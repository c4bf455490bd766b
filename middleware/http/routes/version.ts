import { Router } from 'express';

/** `GET /version`: which release this is and what it was tested with. */
export function createVersionRoute(version: Readonly<Record<string, unknown>>): Router {
  const router = Router();
  router.get('/version', (_req, res) => {
    res.json(version);
  });
  return router;
}
