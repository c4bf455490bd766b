import { keyHolder } from './deployments/second-names.ts';
import { modelsOf } from './litellm-config.ts';
import { asMapping, envNameOf, parseLitellmYaml } from './litellm-yaml.ts';

/** What LiteLLM reads for a provider besides `PROVIDER_API_KEY`. */
const furtherKeys: Readonly<Record<string, readonly string[]>> = {
  azure: ['AZURE_OPENAI_API_KEY', 'AZURE_AD_TOKEN', 'AZURE_CLIENT_SECRET', 'AZURE_PASSWORD'],
  azure_ai: ['AZURE_API_KEY'],
  bedrock: ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_BEARER_TOKEN_BEDROCK'],
  gemini: ['GOOGLE_API_KEY'],
  huggingface: ['HF_TOKEN'],
  sagemaker: ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'],
  together_ai: ['TOGETHERAI_API_KEY', 'TOGETHER_AI_TOKEN'],
  vertex_ai: ['GOOGLE_APPLICATION_CREDENTIALS', 'VERTEXAI_CREDENTIALS'],
  watsonx: ['WATSONX_APIKEY', 'WATSONX_TOKEN', 'WATSONX_ZENAPIKEY'],
};

/** Settings whose values stand in other texts as well, and are nobody's secret. */
const isPlain =
  /(?:^|_)(?:base|base_url|host|port|version|region|region_name|location|project|model|name|organization)$/i;

/**
 * The variables that a `litellm_config.yaml` has LiteLLM take keys from: those that it names, and those in which LiteLLM
 * looks for its providers' keys by itself. A broken file has none.
 */
export function litellmKeys(text: string): readonly string[] {
  const yaml = parseLitellmYaml(text);
  if (yaml.kind === 'broken') return [];
  const ofProviders = modelsOf(yaml.document).models.flatMap(({ provider }) => keysOfProvider(provider));
  return [...new Set([...namedKeys(yaml.document, ''), ...ofProviders])];
}

function keysOfProvider(provider: string | undefined): readonly string[] {
  if (provider === undefined) return [];
  const holder = keyHolder(provider);
  const byName = [provider, holder].map((name) => `${name.toUpperCase().replaceAll('-', '_')}_API_KEY`);
  return [...byName, ...(Object.entries(furtherKeys).find(([name]) => name === holder)?.[1] ?? [])];
}

function namedKeys(value: unknown, setting: string): readonly string[] {
  const name = envNameOf(value);
  if (name !== undefined) return isPlain.test(setting) ? [] : [name];
  if (Array.isArray(value)) return value.flatMap((item: unknown) => namedKeys(item, setting));
  return Object.entries(asMapping(value)).flatMap(([member, item]) => namedKeys(item, member));
}
