import type { ProviderConfig } from './config.ts';
import { valueOf, type Environment } from './environment.ts';

/** The two base URLs that LiteLLM takes from the environment, so that both tiers agree on them. */
const variables: Readonly<Record<string, string>> = {
  openai: 'OPENAI_API_BASE',
  anthropic: 'ANTHROPIC_API_BASE',
};

/** The base URL of a provider that the environment gives, and the variable; `undefined` where the file's counts. */
export function providerBaseUrl(
  { name }: Pick<ProviderConfig, 'name'>,
  env: Environment,
): { readonly url: string; readonly variable: string } | undefined {
  const variable = variables[name];
  const base = variable === undefined ? undefined : valueOf(env, variable)?.replace(/\/+$/, '');
  if (variable === undefined || base === undefined) return undefined;
  // LiteLLM's ANTHROPIC_API_BASE stands without `/v1`, its OPENAI_API_BASE with it.
  return { url: base.endsWith('/v1') ? base : `${base}/v1`, variable };
}
