import type { Api } from '../../kernel/exchange.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import type { ProviderConfig } from '../../platform/config/config.ts';
import { providerOfBareName } from '../../platform/config/deployments/litellm-deployments.ts';
import { isAtOpenai } from '../../platform/config/known-providers.ts';
import { makerAt } from './maker-of.ts';

/** Providers that have OpenAI's models in OpenAI's own API, with all kinds of its tools. */
const openais: ReadonlySet<string> = new Set(['openai', 'azure', 'chatgpt']);

/**
 * How far a model's provider speaks the Responses API. `without summaries`: it may sum up no conversation. `functions`: of tools it knows
 * functions alone, and tools of its own that are called as OpenAI's, such as a web search that is always live. Sources: xAI's 422
 * "unknown variant `custom`" and 400 for namespaces; GitHub Copilot refuses custom tools.
 */
export type SpokenResponses = 'as OpenAI' | 'without summaries' | 'functions' | 'not at all';

interface CalledModel {
  /** As LiteLLM names it. */
  readonly provider: string | undefined;
  /** The provider's own name of the model. */
  readonly providerModel: string;
  /** Where it is called, if that is not the provider's own address. */
  readonly address: string | undefined;
  /** What LiteLLM knows of it. */
  readonly info: JsonObject;
}

/** What LiteLLM would make of the API for the providers that are not named here, is made here for them as for all others. */
export function spokenResponses({
  provider = '',
  providerModel,
  address,
  info,
}: CalledModel): SpokenResponses {
  if (isAtXai(provider, address)) return 'functions';
  if (openais.has(provider)) return sumsUp(provider, address) ? 'as OpenAI' : 'without summaries';
  // Its other models have nothing but chats there, and those that have both LiteLLM calls by chats.
  if (provider === 'github_copilot') return info['mode'] === 'responses' ? 'functions' : 'not at all';
  // What is behind another LiteLLM, a name tells at most.
  const names = provider === 'litellm_proxy' ? [providerModel, info['base_model']] : [];
  return names.some(isOpenais) ? 'as OpenAI' : 'not at all';
}

function isOpenais(name: unknown): boolean {
  if (typeof name !== 'string') return false;
  const [first = '', ...rest] = name.split('/');
  return rest.length === 0 ? providerOfBareName(name) === 'openai' : openais.has(first);
}

/** Whatever else answers at an address of one's own may have the API and no compaction in it. */
function sumsUp(provider: string, address: string | undefined): boolean {
  return isAtOpenai(address) || (provider === 'openai' ? address === undefined : openais.has(provider));
}

function isAtXai(provider: string, address: string | undefined): boolean {
  return provider === 'xai' || (address !== undefined && makerAt(address, provider) === 'xai');
}

/** Of the APIs of a provider that is called without LiteLLM, those in which a request goes there as its client wrote it. */
export function ownApisOf({ name, baseUrl, apis }: ProviderConfig): readonly Api[] {
  return isAtXai(name, baseUrl) ? apis.filter((api) => api !== 'responses') : apis;
}

/** Whether a provider that is called without LiteLLM sums conversations up itself. */
export function sumsUpItself({ name, baseUrl }: ProviderConfig): boolean {
  return sumsUp(name, baseUrl);
}
