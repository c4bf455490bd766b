import { remembered } from '../../kernel/bounds/remembered.ts';
import type { ProviderConfig } from '../../platform/config/config.ts';
import { valueOf, type Environment } from '../../platform/config/environment.ts';
import { knownProvider } from '../../platform/config/known-providers.ts';
import { partsOf, type LitellmModel, type LitellmModels } from '../../platform/config/litellm-config.ts';
import { LitellmDeployments } from '../../platform/config/deployments/litellm-deployments.ts';

/** A provider that serves a model, with the key for it, and its own name of the model. */
export interface ServingProvider {
  readonly provider: ProviderConfig;
  readonly providerModel: string;
}

export interface ServedOptions {
  readonly providers: readonly ProviderConfig[];
  /** LiteLLM's configuration, for providers whose models are those that it has. */
  readonly litellm: LitellmModels;
  readonly env: Environment;
}

/** The providers that serve a model, in the order of the configuration. */
export function servedBy(model: string, options: ServedOptions): readonly ServingProvider[] {
  const entries = entriesOf(model, options.litellm);
  return options.providers.flatMap((provider): readonly ServingProvider[] => {
    const { models } = provider;
    if (models !== undefined) {
      const providerModel = Object.hasOwn(models, model) ? models[model] : undefined;
      return providerModel === undefined ? [] : [{ provider, providerModel }];
    }
    const entry = entries.find((each) => each.provider === provider.name && !each.hasOwnAddress);
    if (entry === undefined) return [];
    const { providerModel, apiKeyEnv = provider.apiKeyEnv } = entry;
    return [{ provider: { ...provider, apiKeyEnv, apiKey: valueOf(options.env, apiKeyEnv) }, providerModel }];
  });
}

/** The names of LiteLLM's configuration that calls are answered under: by LiteLLM, or, where there is none, by a provider itself. */
export function servedOfLitellm(options: Omit<ServedOptions, 'env'>, hasLitellm: boolean): readonly string[] {
  const { litellm } = options;
  const isAnswered = hasLitellm
    ? (name: string): boolean => litellm.isOpen || deploymentsOf(litellm).hasCallable(name)
    : (name: string): boolean => servedBy(name, { ...options, env: {} }).length > 0;
  return litellm.names.filter(isAnswered);
}

/** Whether somebody serves a model whose key is there. */
export function isServed(model: string, options: ServedOptions): boolean {
  return servedBy(model, options).some(({ provider }) => provider.apiKey !== undefined);
}

/** Why nobody serves a model, and what to do. */
export function whyUnserved(model: string, { litellm, providers }: Omit<ServedOptions, 'env'>): string {
  const [entry] = entriesOf(model, litellm);
  const { provider = '', hasOwnAddress = false } = entry ?? {};
  if (entry === undefined)
    return `no provider in codex_plus.json serves the model "${model}" without LiteLLM`;
  const isListed = providers.some(({ name }) => name === provider);
  if (isListed && !hasOwnAddress)
    return `to reach "${model}" without LiteLLM, add it to "models" of "${provider}" in "providers" in codex_plus.json, or take "models" out there`;
  if (hasOwnAddress || knownProvider(provider) === undefined)
    return `to reach "${model}" without LiteLLM, add its provider with "name", "baseUrl", "apiKeyEnv", "apis" and "models" to "providers" in codex_plus.json`;
  return `to reach "${model}" without LiteLLM, add { "name": "${provider}" } to "providers" in codex_plus.json`;
}

const deploymentsOf = remembered(
  ({ models, naming }: LitellmModels) => new LitellmDeployments(models, naming),
);

/** Those that LiteLLM would choose among. */
export function entriesOf(model: string, litellm: LitellmModels): readonly LitellmModel[] {
  return deploymentsOf(litellm)
    .of(model)
    .map(({ deployment, model: called }) =>
      called === deployment.model ? deployment : filledIn(deployment, called),
    );
}

/** An entry for many names as it is called for one. */
function filledIn(entry: LitellmModel, called: string): LitellmModel {
  const { provider, model, providerModel } = entry;
  if (provider === undefined) return { ...entry, ...partsOf(called) };
  const prefix = model.slice(0, model.length - providerModel.length);
  return { ...entry, providerModel: called.startsWith(prefix) ? called.slice(prefix.length) : called };
}
