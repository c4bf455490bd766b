import { readFile } from 'node:fs/promises';
import type { Environment } from '../platform/config/environment.ts';
import { readLitellmModels, readStarEntries } from '../platform/config/litellm-config.ts';
import type { LitellmConfiguration } from '../upstreams/translated/model-targets.ts';
import type { ComposeOptions } from './compose-options.ts';

export type ConfigurationOf = () => Promise<LitellmConfiguration>;

export interface LitellmConfigurations {
  /** As it is now. */
  readonly now: ConfigurationOf;
  /** As it was read last, for those who cannot wait; empty before. */
  readonly last: () => LitellmConfiguration;
}

type Parts = Pick<ComposeOptions, 'config' | 'env'>;

/** LiteLLM's configuration; each text of it is parsed once. */
export function litellmConfigurationOf(parts: Parts): LitellmConfigurations {
  const { configFile } = parts.config.litellm;
  const env = litellmEnvironment(parts);
  const parsed = (text: string): LitellmConfiguration => ({
    ...{ text, models: readLitellmModels(text), stars: readStarEntries(text) },
    env,
  });
  let last = parsed('');
  const now = async (): Promise<LitellmConfiguration> => {
    const text = await readFile(configFile, 'utf8').catch(() => '');
    if (text !== last.text) last = parsed(text);
    return last;
  };
  return { now, last: () => last };
}

/** What LiteLLM has of our environment: one that others run has another. */
export function litellmEnvironment({ config, env }: Parts): Environment {
  return config.litellm.mode === 'managed' ? env : {};
}
