import { remembered } from '../../kernel/bounds/remembered.ts';
import { UserError } from '../../kernel/user-error.ts';
import type { Config } from '../../platform/config/config.ts';
import { litellmKeys } from '../../platform/config/litellm-keys.ts';
import { readTextFile } from '../../platform/store/read-text-file.ts';

type KeySettings = Pick<Config, 'providers'> & {
  readonly litellm: Pick<Config['litellm'], 'configFile'>;
};

/**
 * The names of the variables with the keys that providers are called with, by us or by LiteLLM as it is configured when a
 * configuration is first asked about.
 */
export const providerKeys = remembered(({ providers, litellm }: KeySettings): readonly string[] => {
  const own = providers.map(({ apiKeyEnv }) => apiKeyEnv);
  return [...new Set([...own, ...litellmKeys(textOf(litellm.configFile))])];
});

/** LiteLLM says itself what is wrong with its file. */
function textOf(file: string): string {
  try {
    return readTextFile(file) ?? '';
  } catch (error) {
    if (error instanceof UserError) return '';
    throw error;
  }
}
