import type { Config } from '../config/config.ts';
import type { Environment } from '../config/environment.ts';

/** The names of the variables with the keys that we call providers with. */
export function providerKeys({ providers }: Pick<Config, 'providers'>): readonly string[] {
  return providers.map(({ apiKeyEnv }) => apiKeyEnv);
}

/**
 * An environment for programs of the user's: without what is the middleware's own, and the keys that we call
 * providers with.
 */
export function withoutOurKeys(env: Environment, keys: readonly string[]): Environment {
  const isOurs = (name: string): boolean =>
    keys.includes(name) || /^(?:CODEX_PLUS_|LITELLM_|PROXY_API_KEY$)/i.test(name);
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isOurs(name)));
}
