import { statSync } from 'node:fs';
import type { Config } from '../config/config.ts';
import type { Environment } from '../config/environment.ts';
import { isOfKnownProvider } from '../config/known-providers.ts';
import { litellmSecrets, type UpstreamSecrets } from '../config/litellm-secrets.ts';
import { textIfReadable } from '../store/read-text-file.ts';

export interface SecretSources {
  readonly config: Pick<Config, 'litellm' | 'providers'>;
  readonly env: Environment;
  /** A clock that only goes forward, in milliseconds. */
  readonly now: () => number;
}

/** How long an edit of a file may go unseen. */
const lookEveryMs = 1_000;

/**
 * Makes what tells everything that upstreams are called with: the master key, the keys of providers, and the addresses
 * that are nobody's but ours. What was a secret before an edit stays one.
 */
export function createKnownSecrets({ config, env, now }: SecretSources): () => UpstreamSecrets {
  const { litellm, providers } = config;
  const keys = new Set(providers.flatMap(({ apiKey }) => apiKey ?? []));
  const addresses = new Set(movedAddresses(env));
  for (const { baseUrl } of providers) addresses.add(baseUrl);
  if (litellm.masterKey !== undefined) keys.add(litellm.masterKey);
  let known: UpstreamSecrets = { keys: [], addresses: [] };
  let stamp: string | undefined;
  let lookAt = -Infinity;
  return () => {
    if (now() < lookAt) return known;
    lookAt = now() + lookEveryMs;
    const files = [litellm.configFile, litellm.masterKeyFile];
    const found = files.map(stampOf).join(' ');
    if (found === stamp) return known;
    stamp = found;
    const [text = '', masterKey = ''] = files.map(textIfReadable);
    const told = litellmSecrets(text, env);
    for (const key of [masterKey.trim(), ...told.keys]) keys.add(key);
    for (const address of told.addresses) addresses.add(address);
    known = { keys: [...keys], addresses: [...addresses].filter((url) => !isOfKnownProvider(url)) };
    return known;
  };
}

/** Variables by which LiteLLM, and the libraries that it calls providers with, are sent elsewhere. */
function movedAddresses(env: Environment): readonly string[] {
  const moved = Object.entries(env).filter(([name]) => /_(?:API_BASE|BASE_URL)$/.test(name));
  return moved.flatMap(([, value]) => value ?? []);
}

/** A file that cannot be looked at has nothing to tell: whoever asks writes a line of the log. */
function stampOf(file: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(file);
    return `${mtimeMs}/${size}/${ino}`;
  } catch {
    return '';
  }
}
