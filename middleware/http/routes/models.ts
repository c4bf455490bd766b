import { createHash } from 'node:crypto';
import { Router, type Request } from 'express';
import { CodexPlusError } from '../../kernel/errors.ts';
import { isJsonObject, type JsonObject } from '../../kernel/json-object.ts';
import { classifyCredential } from '../../protocol/credential.ts';
import {
  anthropicModelList,
  codexCatalog,
  detailedModelList,
  openaiModelList,
  type CatalogModel,
} from '../../protocol/codex/model-catalog.ts';

interface ModelsOptions {
  readonly models: () => Promise<readonly CatalogModel[]>;
  /** Whether LiteLLM can answer for itself. */
  readonly hasLitellm: () => boolean;
  /** LiteLLM's own list with the names beside it that it does not have; `undefined` where it is the whole list, or does not answer. */
  readonly completedList: (anthropicVersion: string | undefined) => Promise<JsonObject | undefined>;
  /** The same, also where it is the whole list. */
  readonly wholeList: (
    anthropicVersion: string | undefined,
  ) => Promise<{ readonly data: readonly unknown[] } | undefined>;
}

/**
 * `GET /models` and `/v1/models`: in Codex's shape when it asks with `client_version`, in Anthropic's or OpenAI's, by the client's headers, while LiteLLM is
 * not there to answer, and with all that is known of them, and by whom, with `details`. With a ChatGPT login the backend's own list goes through untouched, since it replaces the
 * client's.
 */
export function createModelsRoute({ models, hasLitellm, completedList, wholeList }: ModelsOptions): Router {
  const router = Router();
  router.get(['/models', '/v1/models'], async (req, res, next) => {
    const { kind } = classifyCredential(req.rawHeaders);
    const shape = shapeFor(req.query);
    if (kind === 'refused' || (kind === 'chatgpt' && shape !== detailedModelList)) {
      next();
      return;
    }
    if (shape === undefined && hasLitellm()) {
      const completed = await completedList(req.get(ofAnthropic));
      if (completed === undefined) next();
      else res.json(completed);
      return;
    }
    const usual = req.get(ofAnthropic) === undefined ? openaiModelList : anthropicModelList;
    const body = JSON.stringify((shape ?? usual)(await models()));
    res.set('etag', `"${createHash('sha256').update(body).digest('base64url')}"`);
    res.type('application/json').send(body);
  });
  router.get(['/models/*name', '/v1/models/*name'], async (req, res, next) => {
    const { kind } = classifyCredential(req.rawHeaders);
    if (kind === 'refused' || kind === 'chatgpt') {
      next();
      return;
    }
    const asked: unknown = req.params['name'];
    const name = Array.isArray(asked) ? asked.join('/') : String(asked);
    const anthropicVersion = req.get(ofAnthropic);
    const usual = anthropicVersion === undefined ? openaiModelList : anthropicModelList;
    const list = hasLitellm() ? await wholeList(anthropicVersion) : usual(await models());
    const model = list?.data.filter(isJsonObject).find(({ id }) => id === name);
    if (model !== undefined) res.json(model);
    // LiteLLM alone knows what else there is, and has no other shape for it than OpenAI's.
    else if (list === undefined || (hasLitellm() && anthropicVersion === undefined)) next();
    else throw new CodexPlusError('model_not_found', `there is no model "${name}"`);
  });
  return router;
}

/** Which its clients always send. */
const ofAnthropic = 'anthropic-version';

/** `undefined` where nobody asked for another than OpenAI's. */
function shapeFor(query: Request['query']): ((models: readonly CatalogModel[]) => unknown) | undefined {
  if (query['details'] !== undefined) return detailedModelList;
  return query['client_version'] === undefined ? undefined : codexCatalog;
}
