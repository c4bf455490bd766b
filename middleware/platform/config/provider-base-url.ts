import type { ProviderConfig } from './config.ts';
import { valueOf, type Environment } from './environment.ts';

interface BaseVariable {
  readonly variable: string;
  /** What stands between the address and the paths, where it does not end so already. */
  readonly suffix: string;
}

/** The base URLs that LiteLLM takes from the environment, so that both tiers agree on them. */
const variables: Readonly<Record<string, BaseVariable>> = {
  // LiteLLM's ANTHROPIC_API_BASE stands without `/v1`, its OPENAI_API_BASE with it.
  openai: { variable: 'OPENAI_API_BASE', suffix: '/v1' },
  anthropic: { variable: 'ANTHROPIC_API_BASE', suffix: '/v1' },
  deepseek: { variable: 'DEEPSEEK_API_BASE', suffix: '' },
  groq: { variable: 'GROQ_API_BASE', suffix: '' },
  openrouter: { variable: 'OPENROUTER_API_BASE', suffix: '' },
  // LiteLLM calls another API there.
  gemini: { variable: 'GEMINI_API_BASE', suffix: '/v1beta/openai' },
};

/** The base URL of a provider that the environment gives, and the variable; `undefined` where the file's counts. */
export function providerBaseUrl(
  { name }: Pick<ProviderConfig, 'name'>,
  env: Environment,
): { readonly url: string; readonly variable: string } | undefined {
  const known = Object.hasOwn(variables, name) ? variables[name] : undefined;
  const base = known === undefined ? undefined : valueOf(env, known.variable)?.replace(/\/+$/, '');
  if (known === undefined || base === undefined) return undefined;
  const { variable, suffix } = known;
  return { url: base.endsWith(suffix) ? base : base + suffix, variable };
}
