import { Router } from 'express';
import { CodexPlusError } from '../../kernel/errors.ts';

/** Paths that a setting switches on: nobody behind us has them, so what is told is the setting. */
export function createSwitchedOffRoute(paths: readonly string[], setting: string): Router {
  const router = Router();
  router.all([...paths], ({ path }) => {
    throw new CodexPlusError('not_served', `${path} is switched off here; ${setting} switches it on`);
  });
  return router;
}
