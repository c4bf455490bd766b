import { remembered } from '../../kernel/bounds/remembered.ts';
import type { Config } from '../../platform/config/config.ts';
import { litellmKeys } from '../../platform/config/litellm-keys.ts';
import { textIfReadable } from '../../platform/store/read-text-file.ts';

type KeySettings = Pick<Config, 'providers'> & {
  readonly litellm: Pick<Config['litellm'], 'configFile'>;
};

/**
 * The names of the variables with the keys that providers are called with, by us or by LiteLLM as it is configured when a
 * configuration is first asked about.
 */
export const providerKeys = remembered(({ providers, litellm }: KeySettings): readonly string[] => {
  const own = providers.map(({ apiKeyEnv }) => apiKeyEnv);
  return [...new Set([...own, ...litellmKeys(textIfReadable(litellm.configFile))])];
});
