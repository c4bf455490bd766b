import type { ProviderConfig } from './config.ts';
import { valueOf, type Environment } from './environment.ts';

interface BaseVariable {
  /** The first that is set counts. */
  readonly variables: readonly string[];
  /** What stands between the address and the paths, where it does not end so already. */
  readonly suffix: string;
}

/** The base URLs that LiteLLM takes from the environment, so that both tiers agree on them. */
const variables: Readonly<Record<string, BaseVariable>> = {
  // LiteLLM's ANTHROPIC_API_BASE stands without `/v1`, its OPENAI_API_BASE with it.
  openai: { variables: ['OPENAI_BASE_URL', 'OPENAI_API_BASE'], suffix: '/v1' },
  anthropic: { variables: ['ANTHROPIC_API_BASE', 'ANTHROPIC_BASE_URL'], suffix: '/v1' },
  deepseek: { variables: ['DEEPSEEK_API_BASE'], suffix: '' },
  groq: { variables: ['GROQ_API_BASE'], suffix: '' },
  openrouter: { variables: ['OPENROUTER_API_BASE'], suffix: '' },
  xai: { variables: ['XAI_API_BASE'], suffix: '' },
  // LiteLLM calls another API there.
  gemini: { variables: ['GEMINI_API_BASE'], suffix: '/v1beta/openai' },
};

/** The base URL of a provider that the environment gives, and the variable; `undefined` where the file's counts. */
export function providerBaseUrl(
  { name }: Pick<ProviderConfig, 'name'>,
  env: Environment,
): { readonly url: string; readonly variable: string } | undefined {
  const known = Object.hasOwn(variables, name) ? variables[name] : undefined;
  const variable = known?.variables.find((each) => valueOf(env, each) !== undefined);
  if (known === undefined || variable === undefined) return undefined;
  const base = valueOf(env, variable)?.replace(/\/+$/, '') ?? '';
  const { suffix } = known;
  return { url: base.endsWith(suffix) ? base : base + suffix, variable };
}
