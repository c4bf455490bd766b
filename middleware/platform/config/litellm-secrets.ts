import { valueOf, type Environment } from './environment.ts';
import { asMapping, envNameOf, parseLitellmYaml } from './litellm-yaml.ts';
import { litellmKeys } from './litellm-keys.ts';

/** What upstreams are called with and where, that no client may hear of. */
export interface UpstreamSecrets {
  readonly keys: readonly string[];
  /** URLs. */
  readonly addresses: readonly string[];
}

/** Settings and variables whose value is a secret where it stands in the file itself. */
const namesSecret = /(?:key|token|secret|passwo?rd|credentials?|authorization)$/i;
const namesAddress = /(?:^|_)(?:api_base|base_url|endpoint|api_url)$/i;

/** The secrets of a `litellm_config.yaml`: those in the file, and those in the variables that LiteLLM takes because of it. */
export function litellmSecrets(text: string, env: Environment): UpstreamSecrets {
  const yaml = parseLitellmYaml(text);
  const found = yaml.kind === 'parsed' ? settingsIn(yaml.document, '') : [];
  const ofVariables = litellmKeys(text).map((name) => valueOf(env, name));
  const written = found.filter(([name]) => namesSecret.test(name)).map(([, value]) => withoutScheme(value));
  const addresses = found.filter(([name]) => namesAddress.test(name)).map(([, value]) => value);
  return {
    keys: [...ofVariables, ...written].filter((key) => key !== undefined),
    addresses: addresses.flatMap((address) => {
      const name = envNameOf(address);
      return (name === undefined ? address : valueOf(env, name)) ?? [];
    }),
  };
}

/** A header's value has the key behind a word. */
function withoutScheme(value: string): string | undefined {
  return envNameOf(value) === undefined ? value.replace(/^(?:bearer|basic) +/i, '') : undefined;
}

/** Every text of the file, with the name of the setting that it is the value of, or in the list of. */
function settingsIn(value: unknown, name: string): readonly (readonly [name: string, value: string])[] {
  if (typeof value === 'string') return [[name, value]];
  if (Array.isArray(value)) return value.flatMap((item: unknown) => settingsIn(item, name));
  return Object.entries(asMapping(value)).flatMap(([member, item]) => settingsIn(item, member));
}
