import type { IncomingMessage } from 'node:http';
import { createCodexRoutes } from '../http/routes/codex.ts';
import { createModelsRoute } from '../http/routes/models.ts';
import type { JsonObject } from '../kernel/json-object.ts';
import { servedNames } from '../protocol/app-server/served-models.ts';
import { anthropicModelList, openaiModelList, type CatalogModel } from '../protocol/codex/model-catalog.ts';
import { settingName } from '../platform/config/settings-place.ts';
import { askLitellmList, type LitellmList } from '../upstreams/litellm/models/litellm-list.ts';
import { createModelList } from '../upstreams/litellm/models/model-list.ts';
import { ToldModels } from '../upstreams/litellm/models/told-models.ts';
import { isServed } from '../upstreams/provider/served-by.ts';
import type { ComposeOptions } from './compose-options.ts';

/** The models that clients may call, and what is known of them. */
export interface ComposedModels {
  /** Those that others than Codex itself answer for: what Codex itself may call. */
  readonly ofProviders: () => Promise<readonly CatalogModel[]>;
  /** Codex itself, under its names; none where it is no model here. */
  readonly ofCodex: readonly CatalogModel[];
  readonly all: () => Promise<readonly CatalogModel[]>;
  /**
   * LiteLLM's own list with Codex beside it, in the shape of the client; `undefined` where nothing stands beside it, or it does not
   * answer.
   */
  readonly completedList: (anthropicVersion: string | undefined) => Promise<JsonObject | undefined>;
  /** The same also where nothing stands beside it. */
  readonly wholeList: (anthropicVersion: string | undefined) => Promise<LitellmList | undefined>;
}

/** The lists of models, each asked afresh. */
export function composeModels({ config, env, litellm, log }: ComposeOptions): ComposedModels {
  const { providers, codex } = config;
  const ofProviders = createModelList({
    configFile: config.litellm.configFile,
    target: () => litellm.target(),
    toldModels: new ToldModels({ stateDir: config.stateDir, log }),
    fallbackNames: providers.flatMap(({ models: names = {} }) => Object.keys(names)),
    ...(config.litellm.mode === 'off'
      ? { isServed: (name, models) => isServed(name, { providers, litellm: models, env }) }
      : {}),
    log,
  });
  const ofCodex = codex.enabled ? servedNames(codex.listedAs).map(codexModel) : [];
  const wholeList: ComposedModels['wholeList'] = async (anthropicVersion) => {
    const target = litellm.target();
    const list = target && (await askLitellmList(target, anthropicVersion, log));
    if (list === undefined || ofCodex.length === 0) return list;
    if (anthropicVersion === undefined)
      return { ...list, data: [...list.data, ...openaiModelList(ofCodex).data] };
    const { data, last_id } = anthropicModelList(ofCodex);
    return { ...list, data: [...list.data, ...data], last_id };
  };
  return {
    ...{ ofProviders, ofCodex },
    all: async () => [...(await ofProviders()), ...ofCodex],
    completedList: async (anthropicVersion) =>
      ofCodex.length === 0 ? undefined : wholeList(anthropicVersion),
    wholeList,
  };
}

interface ModelRoutesOptions {
  readonly models: ComposedModels;
  readonly isKnown: (req: IncomingMessage) => boolean;
  /** How many streams of Codex run. */
  readonly streams: () => number;
}

/** The routes that list models: what everybody is told, and what callers are. */
export function composeModelRoutes(
  { config: { codex }, litellm, settingsPlace }: ComposeOptions,
  { models, isKnown, streams }: ModelRoutesOptions,
): {
  readonly open: readonly ReturnType<typeof createCodexRoutes>[];
  /** What everybody is told of them. */
  readonly openNames: readonly string[];
  readonly guarded: ReturnType<typeof createModelsRoute>;
} {
  const ofCodex = createCodexRoutes({
    ...{ models: models.ofCodex, isOpen: codex.openNames, isKnown },
    streams: codex.testEndpoints ? streams : settingName(settingsPlace, 'codex.testEndpoints'),
  });
  return {
    open: codex.enabled ? [ofCodex] : [],
    openNames: codex.openNames ? models.ofCodex.map(({ name }) => name) : [],
    guarded: createModelsRoute({
      models: models.all,
      hasLitellm: () => litellm.target() !== undefined,
      completedList: models.completedList,
      wholeList: models.wholeList,
    }),
  };
}

/** What the current models of Codex take; nobody tells it of the one behind a name. */
const usualContextTokens = 272_000;

function codexModel(name: string): CatalogModel {
  return {
    ...{ name, provider: 'codex' },
    contextTokens: { value: usualContextTokens, source: 'assumed' },
    maxOutputTokens: { value: undefined, source: 'assumed' },
    takesImages: { value: true, source: 'assumed' },
    efforts: { value: ['minimal', 'low', 'medium', 'high'], source: 'assumed' },
  };
}
