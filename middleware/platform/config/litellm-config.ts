import { parseLitellmYaml } from './litellm-yaml.ts';

/** One entry of `model_list`: a name that clients use, and who answers under it. Several entries may share a name. */
export interface LitellmModel {
  readonly name: string;
  /** `openai`, `anthropic` …; `undefined` when the entry does not tell. */
  readonly provider: string | undefined;
  /** `litellm_params.model`, as it stands there. */
  readonly model: string;
  /** What the provider calls the model. */
  readonly providerModel: string;
  /** `model_info`: what the entry says of the model. */
  readonly info: Readonly<Record<string, unknown>>;
  /** The environment variable that holds the provider's key; `undefined` for a literal key or an unknown provider. */
  readonly apiKeyEnv: string | undefined;
  /** Whether it is, or may be, called elsewhere than its provider's own address. */
  readonly hasOwnAddress: boolean;
}

export interface LitellmModels {
  readonly models: readonly LitellmModel[];
  /** `router_settings.model_group_alias`: another name to a name of `models`. */
  readonly aliases: Readonly<Record<string, string>>;
  /** What clients can ask for: the names and the aliases, each once. */
  readonly names: readonly string[];
}

/** Where LiteLLM looks for the key of a provider when an entry names none. */
const defaultKeyEnv: Readonly<Record<string, string>> = {
  anthropic: 'ANTHROPIC_API_KEY',
  deepseek: 'DEEPSEEK_API_KEY',
  gemini: 'GEMINI_API_KEY',
  groq: 'GROQ_API_KEY',
  mistral: 'MISTRAL_API_KEY',
  openai: 'OPENAI_API_KEY',
  openrouter: 'OPENROUTER_API_KEY',
  xai: 'XAI_API_KEY',
};

/** The models of a `litellm_config.yaml`; entries that make no sense are left out, a broken file has none. */
export function readLitellmModels(text: string): LitellmModels {
  const yaml = parseLitellmYaml(text);
  return modelsOf(yaml.kind === 'parsed' ? yaml.document : undefined);
}

/** The same from a document that was parsed already. */
export function modelsOf(document: unknown): LitellmModels {
  const list = asMapping(document)['model_list'];
  const isMoved = movesAddresses(asMapping(document));
  const models = (Array.isArray(list) ? list : [])
    .map((entry) => readModel(entry, isMoved))
    .filter((model) => model !== undefined);
  const aliases = readAliases(asMapping(asMapping(document)['router_settings'])['model_group_alias']);
  const names = [...new Set([...models.map(({ name }) => name), ...Object.keys(aliases)])];
  return { models, aliases, names };
}

/** An entry of `model_list` for many names, with what it says of how they are called. */
export interface StarEntry {
  readonly name: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Members of an entry that lead elsewhere: `base_url` is another name, and a credential may have an address. */
const addresses = ['api_base', 'base_url', 'litellm_credential_name'] as const;

/** Whether an entry's settings name an address of its own. */
export function leadsElsewhere(params: Readonly<Record<string, unknown>>): boolean {
  return addresses.some((name) => isSet(params[name]));
}

/** The address that an entry's settings name, or the credential that may have one. */
export function addressOf(params: Readonly<Record<string, unknown>>): string | undefined {
  return addresses.map((name) => params[name]).find((value) => typeof value === 'string');
}

/** Of an entry's settings, those that no secret stands in. */
const openSettings = [
  'model',
  ...addresses,
  'use_chat_completions_api',
  'cache_control',
  'max_tokens',
] as const;

/** The entries of a `litellm_config.yaml` whose names have stars in them; none in a broken file. */
export function readStarEntries(text: string): readonly StarEntry[] {
  const yaml = parseLitellmYaml(text);
  const list = asMapping(yaml.kind === 'parsed' ? yaml.document : undefined)['model_list'];
  return (Array.isArray(list) ? list : []).flatMap((entry): readonly StarEntry[] => {
    const { model_name: name, litellm_params: settings } = asMapping(entry);
    if (typeof name !== 'string' || !name.includes('*')) return [];
    const params = asMapping(settings);
    return [{ name, params: Object.fromEntries(openSettings.map((key) => [key, params[key]])) }];
  });
}

/** A mapping, or an empty one for whatever else it is. */
export function asMapping(value: unknown): Readonly<Record<string, unknown>> {
  return isMapping(value) ? value : {};
}

/** Tells a mapping of the file from lists and scalars. */
export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** The name after `os.environ/`, LiteLLM's way to name an environment variable. */
export function envNameOf(value: unknown): string | undefined {
  const prefix = 'os.environ/';
  return typeof value === 'string' && value.startsWith(prefix) ? value.slice(prefix.length) : undefined;
}

/** Whether the file moves entries that say nothing of it. */
function movesAddresses({
  environment_variables: variables,
  litellm_settings: settings,
}: Readonly<Record<string, unknown>>): boolean {
  const names = Object.keys(asMapping(variables));
  return names.some((name) => /_(?:API_BASE|BASE_URL)$/.test(name)) || isSet(asMapping(settings)['api_base']);
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function readModel(entry: unknown, isMoved: boolean): LitellmModel | undefined {
  const { model_name: name, litellm_params: settings, model_info: info } = asMapping(entry);
  const params = asMapping(settings);
  const { model, api_key: key, api_base: apiBase, custom_llm_provider: named } = params;
  if (typeof name !== 'string' || typeof model !== 'string') return undefined;
  const slash = model.indexOf('/');
  const prefix = slash > 0 ? model.slice(0, slash) : providerOfBareName(model);
  const provider = typeof named === 'string' ? named : prefix;
  const byDefault = provider === undefined || apiBase !== undefined ? undefined : defaultKeyEnv[provider];
  return {
    ...{ name, provider, model, info: asMapping(info) },
    providerModel: slash > 0 && named === undefined ? model.slice(slash + 1) : model,
    apiKeyEnv: key === undefined ? byDefault : envNameOf(key),
    hasOwnAddress: isMoved || leadsElsewhere(params),
  };
}

/** LiteLLM knows the models of these two providers without a prefix. */
function providerOfBareName(model: string): string | undefined {
  if (/^(?:gpt-|chatgpt-|o\d)/.test(model)) return 'openai';
  return model.startsWith('claude-') ? 'anthropic' : undefined;
}

function readAliases(value: unknown): Record<string, string> {
  const aliases: Record<string, string> = {};
  for (const [alias, target] of Object.entries(asMapping(value))) {
    // The long form is { model: …, hidden: true }.
    const model = typeof target === 'string' ? target : asMapping(target)['model'];
    if (typeof model === 'string') aliases[alias] = model;
  }
  return aliases;
}
