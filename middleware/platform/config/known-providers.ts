import { isJsonObject, type JsonObject } from '../../kernel/json-object.ts';
import type { ProviderConfig } from './config.ts';

type KnownProvider = Omit<ProviderConfig, 'name' | 'apiKey' | 'models'>;

const chats = { auth: 'bearer', apis: ['chat'] } as const;

/** The providers that need no more than their name, which is LiteLLM's. Source: their documentation. */
const knownProviders: Readonly<Record<string, KnownProvider>> = {
  openai: {
    ...{ baseUrl: 'https://api.openai.com/v1', apiKeyEnv: 'OPENAI_API_KEY', auth: 'bearer' },
    apis: ['responses', 'chat', 'completions'],
  },
  anthropic: {
    ...{ baseUrl: 'https://api.anthropic.com/v1', apiKeyEnv: 'ANTHROPIC_API_KEY' },
    ...{ auth: 'x-api-key', apis: ['messages'] },
  },
  deepseek: { ...chats, baseUrl: 'https://api.deepseek.com/v1', apiKeyEnv: 'DEEPSEEK_API_KEY' },
  gemini: {
    ...chats,
    baseUrl: 'https://generativelanguage.googleapis.com/v1beta/openai',
    apiKeyEnv: 'GEMINI_API_KEY',
  },
  groq: { ...chats, baseUrl: 'https://api.groq.com/openai/v1', apiKeyEnv: 'GROQ_API_KEY' },
  openrouter: { ...chats, baseUrl: 'https://openrouter.ai/api/v1', apiKeyEnv: 'OPENROUTER_API_KEY' },
  xai: {
    ...{ baseUrl: 'https://api.x.ai/v1', apiKeyEnv: 'XAI_API_KEY', auth: 'bearer' },
    apis: ['responses', 'chat'],
  },
};

/** The providers' own addresses, by their names. */
export const knownBaseUrls: readonly (readonly [string, string])[] = Object.entries(knownProviders).map(
  ([name, { baseUrl }]) => [name, baseUrl],
);

/** Settings with what is known of providers below what they say themselves. */
export function withKnownProviders(settings: JsonObject): JsonObject {
  const { providers } = settings;
  if (!Array.isArray(providers)) return settings;
  return { ...settings, providers: providers.map(filledIn) };
}

function filledIn(provider: unknown): unknown {
  if (!isJsonObject(provider)) return provider;
  const known = knownProvider(String(provider['name']));
  return known === undefined ? provider : { ...known, apis: [...known.apis], ...provider };
}

export function knownProvider(name: string): KnownProvider | undefined {
  return Object.hasOwn(knownProviders, name) ? knownProviders[name] : undefined;
}

/** Whether an address is that of a provider which everybody knows. */
export function isOfKnownProvider(url: string): boolean {
  return Object.keys(knownProviders).some((name) => isHostOf(name, url));
}

/** Whether the provider of a name is known to be at an address. */
export function isAddressOf(name: string, url: string): boolean {
  return isHostOf(name, url) || (name === 'openai' && isAtOpenai(url));
}

function isHostOf(name: string, url: string): boolean {
  const known = knownProvider(name);
  return known !== undefined && URL.parse(url)?.host === new URL(known.baseUrl).host;
}

/** The hosts of OpenAI's service, its regions and Azure's among them. Source: Azure, "Compact a conversation". */
const hostsOfOpenai =
  /(?:^|\.)(?:openai\.com|(?:openai|cognitiveservices|services\.ai)\.azure\.(?:com|us|cn))$/;

/** Whether OpenAI's own service is at an address. */
export function isAtOpenai(address: string | undefined): boolean {
  const url = address === undefined ? null : URL.parse(address);
  return url !== null && hostsOfOpenai.test(url.hostname);
}
