import { ConfigError, type ConfigFault } from '../../platform/config/config-error.ts';
import type { ApiKey, Config } from '../../platform/config/config.ts';
import { valueOf, type Environment } from '../../platform/config/environment.ts';
import { isSendable, minKeyLength, shownKey } from '../../platform/config/key-faults.ts';
import { loadConfig } from '../../platform/config/load-config.ts';

export interface ForwardAuthOptions {
  readonly host?: string;
  readonly port?: number;
}

/** What the service runs with. */
interface ForwardAuthSettings {
  readonly host: string;
  readonly port: number;
  /** Of which a request must carry one; never empty. */
  readonly apiKeys: readonly ApiKey[];
  readonly config: Config;
}

interface SettingsFrom {
  readonly rootDir: string;
  readonly env: Environment;
  readonly isTerminal: boolean;
}

const hostVariable = 'CODEX_PLUS_FORWARD_AUTH_HOST';
const portVariable = 'CODEX_PLUS_FORWARD_AUTH_PORT';
const keyVariable = 'PROXY_API_KEY';

/**
 * The options of the call, the environment below them, and the keys: those of the middleware, and PROXY_API_KEY. Throws a
 * ConfigError with every fault; without a key there is nothing to decide by, so that is one.
 */
export function forwardAuthSettings(options: ForwardAuthOptions, from: SettingsFrom): ForwardAuthSettings {
  const { env } = from;
  const config = loadConfig(from);
  const faults: ConfigFault[] = [];
  const tell = (path: string, reason: string): void => {
    faults.push({ source: 'environment', path, reason });
  };
  const port = options.port ?? portIn(valueOf(env, portVariable) ?? '18080');
  if (port === undefined) tell(portVariable, 'is not a port: a whole number up to 65535');
  const proxyKey = valueOf(env, keyVariable);
  if (proxyKey !== undefined) for (const reason of keyReasons(proxyKey)) tell(keyVariable, reason);
  const apiKeys = withProxyKey(config.server.apiKeys, proxyKey);
  if (apiKeys.some(({ key }) => key === shownKey))
    tell('', `the key "${shownKey}" stands in public documents; choose another`);
  if (apiKeys.length === 0)
    tell(
      '',
      `no key is configured, so nobody could be let through: set CODEX_PLUS_API_KEYS or ${keyVariable}`,
    );
  if (faults.length > 0) throw new ConfigError(faults);
  return {
    host: options.host ?? valueOf(env, hostVariable) ?? '127.0.0.1',
    port: port ?? 0,
    apiKeys,
    config,
  };
}

/** The port that a text names; `undefined` where it names none. */
export function portIn(text: string): number | undefined {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Infinity;
  return port <= 65_535 ? port : undefined;
}

function keyReasons(key: string): string[] {
  const reasons = [];
  if (key.length < minKeyLength) reasons.push(`must have at least ${minKeyLength} characters`);
  if (!isSendable(key)) reasons.push('must be letters, digits and signs of ASCII, without spaces');
  return reasons;
}

function withProxyKey(apiKeys: readonly ApiKey[], key: string | undefined): readonly ApiKey[] {
  if (key === undefined || apiKeys.some((known) => known.key === key)) return apiKeys;
  return [...apiKeys, { name: keyVariable, key }];
}
