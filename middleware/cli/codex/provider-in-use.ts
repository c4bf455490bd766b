import { isJsonObject, type JsonObject } from '../../kernel/json-object.ts';

export interface ProviderInUse {
  readonly id: string;
  /** Its entry below `model_providers`; `undefined` for one of Codex's own, and where the entry is missing. */
  readonly entry: JsonObject | undefined;
  /** Where its calls go; `undefined` for Codex's own address of it. */
  readonly baseUrl: string | undefined;
  /** Where `baseUrl` stands in the file. */
  readonly path: readonly string[];
}

/** Which provider a `config.toml` puts in use. */
export function providerInUse(document: JsonObject): ProviderInUse {
  const { model_provider: named, model_providers: providers, openai_base_url: openaiBaseUrl } = document;
  const id = typeof named === 'string' ? named : 'openai';
  const entry = isJsonObject(providers) ? providers[id] : undefined;
  if (id === 'openai') {
    return { id, entry: undefined, baseUrl: textOf(openaiBaseUrl), path: ['openai_base_url'] };
  }
  const path = ['model_providers', id, 'base_url'];
  if (!isJsonObject(entry)) return { id, entry: undefined, baseUrl: undefined, path };
  return { id, entry, baseUrl: textOf(entry['base_url']), path };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
