import { createHash } from 'node:crypto';
import { Router } from 'express';
import { classifyCredential } from '../../protocol/credential.ts';
import {
  codexCatalog,
  detailedModelList,
  openaiModelList,
  type CatalogModel,
} from '../../protocol/codex/model-catalog.ts';

interface ModelsOptions {
  readonly models: () => Promise<readonly CatalogModel[]>;
  /** Whether LiteLLM can answer for itself. */
  readonly hasLitellm: () => boolean;
}

/**
 * `GET /models` and `/v1/models`: in Codex's shape when it asks with `client_version`, in OpenAI's while LiteLLM is
 * not there to answer, and with all that is known of them, and by whom, with `details`. With a ChatGPT login the backend's own list goes through untouched, since it replaces the
 * client's.
 */
export function createModelsRoute({ models, hasLitellm }: ModelsOptions): Router {
  const router = Router();
  router.get(['/models', '/v1/models'], async (req, res, next) => {
    const isCodex = req.query['client_version'] !== undefined;
    const isDetailed = req.query['details'] !== undefined;
    const { kind } = classifyCredential(req.rawHeaders);
    const isTheirs = kind === 'chatgpt' || (!isCodex && hasLitellm());
    if (kind === 'refused' || (isTheirs && !isDetailed)) {
      next();
      return;
    }
    const known = await models();
    const shape = isDetailed ? detailedModelList : isCodex ? codexCatalog : openaiModelList;
    const body = JSON.stringify(shape(known));
    res.set('etag', `"${createHash('sha256').update(body).digest('base64url')}"`);
    res.type('application/json').send(body);
  });
  return router;
}
