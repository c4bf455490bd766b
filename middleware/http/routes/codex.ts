import type { IncomingMessage } from 'node:http';
import { Router } from 'express';
import { openaiModelList } from '../../protocol/codex/model-catalog.ts';
import type { CatalogModel } from '../../protocol/codex/model-catalog.ts';
import { createSwitchedOffRoute } from './switched-off.ts';

interface CodexRoutesOptions {
  readonly models: readonly CatalogModel[];
  /** Whether strangers are told these names. */
  readonly isOpen: boolean;
  readonly isKnown: (req: IncomingMessage) => boolean;
  /** How many streams run, or the setting that has it told. */
  readonly streams: (() => number) | string;
}

const streamsPath = '/__test/conc';

/**
 * What is answered to everybody where Codex itself is a model: which methods the list of models has, its own names
 * where strangers may know them (callers with a key get the whole list elsewhere), and figures for tests.
 */
export function createCodexRoutes({ models, isOpen, isKnown, streams }: CodexRoutesOptions): Router {
  const router = Router();
  const list = ['/models', '/v1/models'];
  router.options(list, (_req, res) => {
    res.set('allow', 'GET, HEAD, OPTIONS').status(204).end();
  });
  router.get(list, (req, res, next) => {
    if (isOpen && !isKnown(req)) res.json(openaiModelList(models));
    else next();
  });
  router.get(
    list.map((path) => `${path}/:name`),
    (req, res, next) => {
      const model = openaiModelList(models).data.find(({ id }) => id === req.params['name']);
      if (model !== undefined && isOpen && !isKnown(req)) res.json(model);
      else next();
    },
  );
  if (typeof streams === 'string') return router.use(createSwitchedOffRoute([streamsPath], streams));
  router.get(streamsPath, (_req, res) => {
    res.json({ conc: streams() });
  });
  return router;
}
