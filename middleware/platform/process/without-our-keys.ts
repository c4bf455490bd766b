import type { Config } from '../config/config.ts';
import type { Environment } from '../config/environment.ts';

/** The keys that we are configured with: of callers, of LiteLLM, and those in the variables of providers. */
export function heldKeys(
  { server, litellm }: Pick<Config, 'server' | 'litellm'>,
  env: Environment,
  names: readonly string[],
): readonly (string | undefined)[] {
  return [...server.apiKeys.map(({ key }) => key), ...names.map((name) => env[name]), litellm.masterKey];
}

/**
 * An environment for programs of the user's: without what is the middleware's own, and the keys that providers are
 * called with.
 */
export function withoutOurKeys(env: Environment, keys: readonly string[]): Environment {
  const isOurs = (name: string): boolean =>
    keys.includes(name) || /^(?:CODEX_PLUS_|LITELLM_|PROXY_API_KEY$)/i.test(name);
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isOurs(name)));
}
