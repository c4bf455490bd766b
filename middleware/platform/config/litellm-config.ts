import { isGiven, listIn } from '../../kernel/json-object.ts';
import {
  addressMemberOf,
  addressMembers,
  leadsElsewhere,
  readAddresses,
  type AddressMember,
  type LitellmAddresses,
} from './deployments/litellm-addresses.ts';
import { providerOfBareName, type NameSettings } from './deployments/litellm-deployments.ts';
import { unknownProvider } from './deployments/litellm-providers.ts';
import { keyHolder } from './deployments/second-names.ts';
import { isAddressOf } from './known-providers.ts';
import { asMapping, envNameOf, parseLitellmYaml, type Mapping } from './litellm-yaml.ts';

/** One entry of `model_list`: a name that clients use, and who answers under it. Several entries may share a name. */
export interface LitellmModel {
  readonly name: string;
  /** `openai`, `anthropic` …; `undefined` when the entry does not tell. */
  readonly provider: string | undefined;
  /** `litellm_params.model`, as it stands there. */
  readonly model: string;
  /** `model_info.id`; LiteLLM makes one where there is none. */
  readonly id: string | undefined;
  /** What the provider calls the model. */
  readonly providerModel: string;
  /** `model_info`: what the entry says of the model. */
  readonly info: Readonly<Record<string, unknown>>;
  /** The environment variable that holds the provider's key; `undefined` for a literal key or an unknown provider. */
  readonly apiKeyEnv: string | undefined;
  /** Whether it is, or may be, called elsewhere than its provider's own address, or with a key that another credential has. */
  readonly hasOwnAddress: boolean;
  /** The member of the entry by which somebody else may answer than its provider's name says; `undefined`: none. */
  readonly addressIn: AddressMember | undefined;
  /** The member of the entry that has the key, or leads to it; `undefined`: LiteLLM looks for one in the environment. */
  readonly keyIn: 'api_key' | 'litellm_credential_name' | undefined;
  /** What it names as its provider, where LiteLLM knows no such one and leaves the entry out. */
  readonly unknownProvider: string | undefined;
}

export interface LitellmModels {
  readonly models: readonly LitellmModel[];
  /** `router_settings.model_group_alias`: another name to a name of `models`. */
  readonly aliases: Readonly<Record<string, string>>;
  /** What clients can ask for: the names and the aliases, each once. */
  readonly names: readonly string[];
  /** The aliases that LiteLLM does not list (`hidden: true`); they can be called all the same. */
  readonly hidden: readonly string[];
  /** How LiteLLM finds the deployments of other names; the aliases are in it. */
  readonly naming: NameSettings;
  /** Where it calls those whose entries name no address. */
  readonly addresses: LitellmAddresses;
  /** Whether LiteLLM may know names that the file does not tell: from a database, a file that it includes, or without a list. */
  readonly isOpen: boolean;
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
  const root = asMapping(document);
  const addresses = readAddresses(root);
  const around = { isMoved: movesAddresses(root), addresses, ownProviders: providersAddedBy(root) };
  const models = listIn(root['model_list'])
    .map((entry) => readModel(entry, around))
    .filter((model) => model !== undefined);
  const { model_group_alias: named } = asMapping(root['router_settings']);
  const aliases = readAliases(named);
  const names = [...new Set([...models.map(({ name }) => name), ...Object.keys(aliases)])];
  const hidden = Object.keys(aliases).filter(
    (alias) => asMapping(asMapping(named)[alias])['hidden'] === true,
  );
  return {
    models,
    aliases,
    names,
    hidden,
    naming: readNaming(root, aliases),
    addresses,
    isOpen: isOpen(root),
  };
}

function readNaming(root: Mapping, aliases: NameSettings['aliases']): NameSettings {
  const [router, settings] = [asMapping(root['router_settings']), asMapping(root['litellm_settings'])];
  const groups = listIn(router['routing_groups']).flatMap((group) => {
    const { group_name: name, models } = asMapping(group);
    const members = listIn(models).filter((member) => typeof member === 'string');
    return typeof name === 'string' ? [[name, members] as const] : [];
  });
  const fallbacks = [router, settings].flatMap(({ fallbacks: each, default_fallbacks: usual }) => [
    ...listIn(each).map((fallback) => listIn(asMapping(fallback)['*'])[0]),
    listIn(usual)[0],
  ]);
  return {
    ...{ aliases, globalAliases: readAliases(settings['model_alias_map']) },
    ...{ groups: Object.fromEntries(groups), fallback: fallbacks.find((name) => typeof name === 'string') },
  };
}

/** `litellm_settings.custom_provider_map`; a star where the file has LiteLLM call all models of another LiteLLM. */
function providersAddedBy(root: Mapping): readonly string[] {
  const settings = asMapping(root['litellm_settings']);
  const added = listIn(settings['custom_provider_map']).map((each) => asMapping(each)['provider']);
  const names = added.filter((name) => typeof name === 'string');
  return settings['use_litellm_proxy'] === true ? ['*', ...names] : names;
}

/** Settings with which LiteLLM takes names that stand in no entry. */
function isOpen(root: Mapping): boolean {
  const [general, router] = [asMapping(root['general_settings']), asMapping(root['router_settings'])];
  const { pass_through_all_models: all } = asMapping(router['router_general_settings']);
  const others = [root['include'], root['agent_list'], root['agents'], all];
  return [...others, general['completion_model'], general['store_model_in_db']].some(
    (setting) => isGiven(setting) && setting !== false,
  );
}

/** An entry of `model_list` for many names, with what it says of how they are called. */
export interface StarEntry {
  readonly name: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Clouds, whose entries give an address as a rule. */
const clouds = /^(?:azure|bedrock|vertex)/;

function addressIn(
  params: Mapping,
  provider: string,
  addresses: LitellmAddresses,
): LitellmModel['addressIn'] {
  const member = addressMemberOf(params, addresses);
  const address = member === undefined ? undefined : params[member];
  const isItsOwn = typeof address === 'string' && isAddressOf(provider, address);
  return isItsOwn || clouds.test(provider) ? undefined : member;
}

/** The variable from which LiteLLM takes the key of a provider for an entry that has none. */
export function usualKeyEnv(provider: string | undefined): string | undefined {
  const holder = provider === undefined ? '' : keyHolder(provider);
  return Object.hasOwn(defaultKeyEnv, holder) ? defaultKeyEnv[holder] : undefined;
}

/** Of an entry's settings, those that no secret stands in. */
const openSettings = [
  'model',
  'custom_llm_provider',
  ...addressMembers,
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

/** Whether the file moves entries that say nothing of it. */
function movesAddresses({ environment_variables: variables, litellm_settings: settings }: Mapping): boolean {
  const names = Object.keys(asMapping(variables));
  return (
    names.some((name) => /_(?:API_BASE|BASE_URL)$/.test(name)) || isGiven(asMapping(settings)['api_base'])
  );
}

interface Around {
  readonly isMoved: boolean;
  readonly addresses: LitellmAddresses;
  readonly ownProviders: readonly string[];
}

function readModel(entry: unknown, { isMoved, addresses, ownProviders }: Around): LitellmModel | undefined {
  const { model_name: name, litellm_params: settings, model_info: info } = asMapping(entry);
  const params = asMapping(settings);
  const { model, api_key: key } = params;
  if (typeof name !== 'string' || typeof model !== 'string') return undefined;
  const { provider = providerOfBareName(model), providerModel } = partsOf(modelWithProvider(params));
  // With an address or a credential of its own, an entry may need no key of its provider.
  const byDefault = leadsElsewhere(params) ? undefined : usualKeyEnv(provider);
  return {
    ...{ name, provider, model, id: idIn(info), info: asMapping(info), providerModel },
    apiKeyEnv: isGiven(key) ? envNameOf(key) : byDefault,
    hasOwnAddress: isMoved || leadsElsewhere(params),
    addressIn: provider === undefined ? undefined : addressIn(params, provider, addresses),
    keyIn: (['api_key', 'litellm_credential_name'] as const).find((name) => isGiven(params[name])),
    unknownProvider: unknownProvider(params, ownProviders),
  };
}

/** A model's name as `provider/model`, taken apart. */
export function partsOf(model: string): {
  readonly provider: string | undefined;
  readonly providerModel: string;
} {
  const slash = model.indexOf('/');
  return { provider: slash > 0 ? model.slice(0, slash) : undefined, providerModel: model.slice(slash + 1) };
}

/** LiteLLM takes a number for an id as well. */
function idIn(info: unknown): string | undefined {
  const { id } = asMapping(info);
  return typeof id === 'string' || typeof id === 'number' ? String(id) : undefined;
}

/** The model of an entry, with the provider that is named beside it before the slash. */
export function modelWithProvider({ model, custom_llm_provider: named }: Mapping): string {
  if (typeof model !== 'string') return '';
  // As LiteLLM does: the provider that is named beside the model counts, and may stand before it as well.
  if (typeof named === 'string' && named !== '')
    return model.split('/', 1)[0] === named ? model : `${named}/${model}`;
  return model;
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
