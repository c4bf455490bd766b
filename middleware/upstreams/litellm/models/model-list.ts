import { readFile } from 'node:fs/promises';
import type { Log } from '../../../kernel/log.ts';
import { LitellmDeployments } from '../../../platform/config/deployments/litellm-deployments.ts';
import {
  modelWithProvider,
  readLitellmModels,
  type LitellmModel,
  type LitellmModels,
} from '../../../platform/config/litellm-config.ts';
import type { CatalogModel } from '../../../protocol/codex/model-catalog.ts';
import type { LitellmTarget } from '../litellm-upstream.ts';
import { modelFacts, type KnownDeployment } from './model-facts.ts';
import { askModelInfo, type ModelInfo } from './model-info.ts';
import type { ToldModels } from './told-models.ts';

interface ModelListOptions {
  /** `litellm_config.yaml`: the names, also while LiteLLM is not there. */
  readonly configFile: string;
  readonly target: () => LitellmTarget | undefined;
  /** What LiteLLM told last, for the time in which it is not there. */
  readonly toldModels: Pick<ToldModels, 'of'>;
  /** Names that are served without LiteLLM, where there is no such file. */
  readonly fallbackNames: readonly string[];
  /** Where no LiteLLM will ever answer: whether a provider that is called itself has the model, and a key. */
  readonly isServed?: (name: string, litellm: LitellmModels) => boolean;
  readonly log: Log;
}

/** An edit of the file starts another LiteLLM; this bounds how long its new names may be missing here. */
const keptMs = 5_000;

/**
 * The models that clients may ask for: the names of the configuration with what LiteLLM knows of them. Never
 * rejects and never takes longer than two seconds: while LiteLLM does not tell, what it told last counts, and where it never did, the names come alone.
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
  const { configFile, target, toldModels, log } = options;
  const text = await readFile(configFile, 'utf8').catch(() => '');
  const litellm = readLitellmModels(text);
  const { models, naming } = litellm;
  const deployments = new LitellmDeployments(models, naming);
  const told = await askModelInfo(target(), log);
  const infos = told.length > 0 ? told : await toldModels.of(text);
  const listed = listedNames(litellm, deployments, options);
  return listed
    .filter((name) => !name.includes('*'))
    .map((name) => {
      const entries = deployments.of(name).map(({ deployment }) => deployment);
      const meant = new Set(entries.map((entry) => entry.name));
      const known = infos.filter((info) => meant.has(info.name)).map((info) => deploymentOf(info, entries));
      const providers = [...new Set(entries.flatMap(({ provider }) => provider ?? []))];
      return { name, provider: providers.join(', ') || undefined, ...modelFacts(known) };
    });
}

/** Those that a call may name. */
function listedNames(
  litellm: LitellmModels,
  deployments: LitellmDeployments<LitellmModel>,
  { fallbackNames, isServed }: ModelListOptions,
): readonly string[] {
  const { names, isOpen } = litellm;
  if (isServed !== undefined)
    return [...new Set([...names.filter((name) => isServed(name, litellm)), ...fallbackNames])];
  return names.length > 0 ? names.filter((name) => isOpen || deployments.hasCallable(name)) : fallbackNames;
}

/** LiteLLM says what it knows of a deployment; its entry in the file says what of that stands there. */
function deploymentOf({ params, info }: ModelInfo, entries: readonly LitellmModel[]): KnownDeployment {
  const entry = entries.find(({ model }) => model === params['model']);
  return { model: modelWithProvider(params), info, configured: entry?.info ?? {} };
}
