import { join, resolve } from 'node:path';
import { isJsonObject, type JsonObject } from '../../kernel/json-object.ts';
import { ConfigError, type ConfigFault } from './config-error.ts';
import { valueOf, type Environment } from './environment.ts';
import { loadConfig } from './load-config.ts';
import { providerBaseUrl } from './provider-base-url.ts';
import { configFileOf, readConfig, type ReadConfig } from './read-config.ts';
import { maskSecrets } from './scopes/mask-secrets.ts';

interface ExplainConfigOptions {
  readonly rootDir: string;
  readonly env: Environment;
}

/** Where a value of the middleware's own configuration comes from. */
export type ConfigOrigin =
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'default' };

/** One setting of the middleware. */
export interface OwnConfigRow {
  readonly key: string;
  /** Secrets masked. */
  readonly value: unknown;
  readonly source: ConfigOrigin;
  /** What the file says where a variable counts instead. */
  readonly overridden: readonly { readonly value: unknown; readonly source: ConfigOrigin }[];
}

export interface ExplainedConfig {
  readonly file: string;
  /** Why the middleware would not start; empty when it would. */
  readonly faults: readonly ConfigFault[];
  /** None where the file cannot be read. */
  readonly rows: readonly OwnConfigRow[];
}

/** The middleware's own configuration, each value with what it comes from. What is wrong is told and not thrown. */
export function explainConfig(options: ExplainConfigOptions): ExplainedConfig {
  const file = configFileOf(options);
  const faults = faultsOf(options);
  try {
    const config = readConfig(options);
    return { file, faults, rows: [...rowsOf(config, options.env), stateRow(options)] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { file, faults, rows: [] };
  }
}

function faultsOf(options: ExplainConfigOptions): readonly ConfigFault[] {
  try {
    loadConfig({ ...options, isTerminal: false });
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.faults;
  }
}

function rowsOf(config: ReadConfig, env: Environment): readonly OwnConfigRow[] {
  return Object.entries(config.settings)
    .filter(([name]) => !name.startsWith('$'))
    .flatMap(([name, value]) => {
      const written = config.written[name];
      if (isJsonObject(value)) return sectionRows(config, name, value, written);
      if (name !== 'providers' || !Array.isArray(value)) return [rowOf(config, name, value, written)];
      return value.flatMap((provider: unknown, index) =>
        isJsonObject(provider) ? providerRows(config, { provider, index, written, env }) : [],
      );
    });
}

function sectionRows(
  config: ReadConfig,
  path: string,
  section: JsonObject,
  written: unknown,
): readonly OwnConfigRow[] {
  return Object.entries(section).map(([name, value]) =>
    rowOf(config, `${path}.${name}`, value, memberOf(written, name)),
  );
}

function providerRows(
  config: ReadConfig,
  provided: {
    readonly provider: JsonObject;
    readonly index: number;
    readonly written: unknown;
    readonly env: Environment;
  },
): readonly OwnConfigRow[] {
  const { provider, index, written, env } = provided;
  const rows = sectionRows(config, `providers[${index}]`, provider, memberOf(written, String(index)));
  const other = providerBaseUrl({ name: String(provider['name']) }, env);
  if (other === undefined) return rows;
  return rows.map((row) =>
    row.key.endsWith('.baseUrl')
      ? {
          key: row.key,
          value: maskSecrets('', other.url),
          source: { kind: 'variable', name: other.variable },
          overridden: [{ value: row.value, source: row.source }],
        }
      : row,
  );
}

function rowOf({ file, sources }: ReadConfig, key: string, value: unknown, written: unknown): OwnConfigRow {
  const name = secretNameOf(key);
  const variable = sources.get(key);
  const inFile =
    written === undefined
      ? undefined
      : { value: maskSecrets(name, written), source: { kind: 'file', file } as const };
  if (variable === undefined) {
    return {
      key,
      value: maskSecrets(name, value),
      source: inFile?.source ?? { kind: 'default' },
      overridden: [],
    };
  }
  return {
    key,
    value: maskSecrets(name, value),
    source: { kind: 'variable', name: variable },
    overridden: inFile === undefined ? [] : [inFile],
  };
}

/** Sound like a secret and are none: the name of a variable, and one of two words. */
const openNames: readonly string[] = ['apiKeyEnv', 'auth'];

/** What is secret in a list is so by the name of one: `apiKeys` holds what an `apiKey` is. */
function secretNameOf(key: string): string {
  const name = key.split('.').at(-1) ?? key;
  return openNames.includes(name) ? '' : name.replace(/s$/, '');
}

/** Not in the file: the folder of state has a variable only. */
function stateRow({ rootDir, env }: ExplainConfigOptions): OwnConfigRow {
  const variable = 'CODEX_PLUS_STATE_DIR';
  const given = valueOf(env, variable);
  return {
    key: 'stateDir',
    value: given === undefined ? join(rootDir, '.state') : resolve(rootDir, given),
    source: given === undefined ? { kind: 'default' } : { kind: 'variable', name: variable },
    overridden: [],
  };
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as JsonObject)[name];
}
