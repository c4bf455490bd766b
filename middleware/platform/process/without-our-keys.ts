import type { Config } from '../config/config.ts';
import type { Environment } from '../config/environment.ts';
import { litellmKeys } from '../config/litellm-keys.ts';
import { readTextFile } from '../store/read-text-file.ts';
import { UserError } from '../../kernel/user-error.ts';

/** The names of the variables with the keys that providers are called with, by us or by LiteLLM as it is configured now. */
export function providerKeys({
  providers,
  litellm,
}: Pick<Config, 'providers'> & {
  readonly litellm: Pick<Config['litellm'], 'configFile'>;
}): readonly string[] {
  const own = providers.map(({ apiKeyEnv }) => apiKeyEnv);
  return [...new Set([...own, ...litellmKeys(textOf(litellm.configFile))])];
}

/** LiteLLM says itself what is wrong with its file. */
function textOf(file: string): string {
  try {
    return readTextFile(file) ?? '';
  } catch (error) {
    if (error instanceof UserError) return '';
    throw error;
  }
}

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
