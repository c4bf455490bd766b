import { entriesOf, isServed, servedBy, type ServedOptions } from './served-by.ts';

/** The names that providers serve themselves, those of codex_plus.json last. */
export function namesWithoutLitellm(options: ServedOptions): readonly string[] {
  const own = options.providers.flatMap(({ models = {} }) => Object.keys(models));
  const names = [...new Set([...options.litellm.names, ...own])];
  return names.filter((name) => servedBy(name, options).length > 0);
}

/** Those of them whose key is there. */
export function namesWithKeys(options: ServedOptions): readonly string[] {
  return namesWithoutLitellm(options).filter((name) => isServed(name, options));
}

/** Whether the configuration has a name: besides the names of entries LiteLLM takes those of their deployments. */
export function isConfigured(name: string, { litellm, providers }: Omit<ServedOptions, 'env'>): boolean {
  return (
    entriesOf(name, litellm).length > 0 ||
    litellm.models.some(({ model, info }) => model === name || info['id'] === name) ||
    providers.some(({ models = {} }) => Object.hasOwn(models, name))
  );
}
