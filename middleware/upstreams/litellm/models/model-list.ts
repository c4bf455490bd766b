import { readFile } from 'node:fs/promises';
import type { Log } from '../../../kernel/log.ts';
import { LitellmDeployments } from '../../../platform/config/deployments/litellm-deployments.ts';
import { readLitellmModels, type LitellmModel } from '../../../platform/config/litellm-config.ts';
import type { CatalogModel } from '../../../protocol/codex/model-catalog.ts';
import type { LitellmTarget } from '../litellm-upstream.ts';
import { modelFacts, type KnownDeployment } from './model-facts.ts';
import { askModelInfo, type ModelInfo } from './model-info.ts';

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
  const { configFile, fallbackNames, target, log } = options;
  const text = await readFile(configFile, 'utf8').catch(() => '');
  const { names, models, naming, isOpen } = readLitellmModels(text);
  const deployments = new LitellmDeployments(models, naming);
  const infos = await askModelInfo(target(), log);
  // An alias may lead nowhere.
  const callable = names.filter((name) => isOpen || deployments.of(name).length > 0);
  const listed = names.length > 0 ? callable : fallbackNames;
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

/** LiteLLM says what it knows of a deployment; its entry in the file says what of that stands there. */
function deploymentOf({ params, info }: ModelInfo, entries: readonly LitellmModel[]): KnownDeployment {
  const entry = entries.find(({ model }) => model === params['model']);
  return { info, configured: entry?.info ?? {} };
}
