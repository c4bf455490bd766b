import { readFile } from 'node:fs/promises';
import type { JsonObject } from '../../../kernel/json-object.ts';
import type { Log } from '../../../kernel/log.ts';
import { readLitellmModels, type LitellmModel } from '../../../platform/config/litellm-config.ts';
import type { CatalogModel } from '../../../protocol/codex/model-catalog.ts';
import type { LitellmTarget } from '../litellm-upstream.ts';
import { effortsOf } from './efforts.ts';
import { askModelInfo } from './model-info.ts';
import { tokenLimitAt } from './token-limit-at.ts';

interface ModelListOptions {
  /** `litellm_config.yaml`: the names, also while LiteLLM is not there. */
  readonly configFile: string;
  readonly target: () => LitellmTarget | undefined;
  /** Names that are served without LiteLLM, where there is no such file. */
  readonly fallbackNames: readonly string[];
  readonly log: Log;
}

/** An edit of the file starts another LiteLLM; this bounds how long its new names may be missing here. */
const keptMs = 5_000;

/**
 * The models that clients may ask for: the names of the configuration with what LiteLLM knows of them. Never
 * rejects and never takes longer than two seconds: without LiteLLM's knowledge the names come alone.
 */
export function createModelList(options: ModelListOptions): () => Promise<readonly CatalogModel[]> {
  let kept: { readonly at: number; readonly models: Promise<readonly CatalogModel[]> } | undefined;
  return () => {
    if (kept === undefined || performance.now() - kept.at > keptMs) {
      kept = { at: performance.now(), models: readModels(options) };
    }
    return kept.models;
  };
}

async function readModels(options: ModelListOptions): Promise<readonly CatalogModel[]> {
  const { configFile, fallbackNames } = options;
  const text = await readFile(configFile, 'utf8').catch(() => '');
  const { names, aliases, models } = readLitellmModels(text);
  const known = await askKnowledge(options);
  const listed = names.length > 0 ? names : fallbackNames;
  return listed
    .filter((name) => !name.includes('*'))
    .map((name) => {
      const target = aliases[name] ?? name;
      return catalogModel(
        name,
        models.find((model) => model.name === target),
        known.get(target) ?? {},
      );
    });
}

function catalogModel(name: string, model: LitellmModel | undefined, info: JsonObject): CatalogModel {
  return {
    name,
    provider: model?.provider,
    contextTokens: tokenLimitAt(info, 'max_input_tokens'),
    maxOutputTokens: tokenLimitAt(info, 'max_output_tokens'),
    takesImages: info['supports_vision'] === true,
    efforts: info['supports_reasoning'] === true ? effortsOf(info) : [],
  };
}

/** LiteLLM's `model_info` by model name; empty while it is not there. */
async function askKnowledge({ target, log }: ModelListOptions): Promise<ReadonlyMap<string, JsonObject>> {
  const entries = await askModelInfo(target(), log);
  return new Map(entries.map(({ name, info }) => [name, info]));
}
