import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { addAll } from '../../kernel/bounds/add-all.ts';
import { codeOf } from '../../kernel/errors.ts';
import { isJsonObject, type JsonObject } from '../../kernel/json-object.ts';
import { withKnownProviders } from './known-providers.ts';
import { checkSettings } from './check-settings.ts';
import { ConfigError, type ConfigFault } from './config-error.ts';
import { appSettings, type SettingsPlace } from './settings-place.ts';
import { valueOf, withOverrides, type Environment, type OverrideSources } from './environment.ts';

interface ReadConfigOptions {
  /** The project's root: `config/codex_plus.json` and `config/schemas` are below it. */
  readonly rootDir: string;
  readonly env: Environment;
  /** In place of what the file says. */
  readonly settings?: JsonObject;
  /** The same, from variables of their own. */
  readonly given?: GivenSettings;
}

/** Settings that come from elsewhere than the file. */
export interface GivenSettings {
  readonly settings: JsonObject;
  readonly place: SettingsPlace;
  /** Which of them a variable gave. */
  readonly sources: OverrideSources;
  /** The paths of those that no other variable changes. */
  readonly fixed: ReadonlySet<string>;
  /** What is wrong with their variables. */
  readonly faults: readonly ConfigFault[];
}

/** The middleware's configuration, checked, with what each value comes from. */
export interface ReadConfig {
  /** Absolute path. */
  readonly file: string;
  /** Where faults say that a setting is. */
  readonly place: SettingsPlace;
  /** What the file says. */
  readonly written: JsonObject;
  /** The file, the environment over it, defaults below it. */
  readonly settings: JsonObject;
  /** Which variables gave a value. */
  readonly sources: OverrideSources;
  readonly faults: readonly ConfigFault[];
}

/** Where the configuration is: `config/codex_plus.json`, or what CODEX_PLUS_CONFIG names. */
export function configFileOf({ rootDir, env }: ReadConfigOptions): string {
  return resolve(rootDir, valueOf(env, 'CODEX_PLUS_CONFIG') ?? 'config/codex_plus.json');
}

/** Reads and checks the configuration. Throws a ConfigError where the file is no JSON object; other faults are told. */
export function readConfig(options: ReadConfigOptions): ReadConfig {
  const { rootDir, env } = options;
  const file = configFileOf(options);
  const schema = readJson(join(rootDir, 'config/schemas/codex_plus.schema.json')) as object;
  const given = options.given ?? fromApp(options.settings);
  const place = given?.place ?? { source: file, prefix: '' };
  const written = given?.settings ?? objectOf(readJson(file), file);
  // A copy: the check fills defaults into what it is given.
  const overridden = withOverrides(structuredClone(written), env, given?.fixed);
  const sources = new Map([...(given?.sources ?? []), ...overridden.sources]);
  const faults = [...(given?.faults ?? []), ...overridden.faults];
  const settings = withKnownProviders(overridden.settings);
  addAll(faults, checkSettings(settings, schema, place, sources));
  return { file, place, written, settings, sources, faults };
}

function fromApp(settings: JsonObject | undefined): GivenSettings | undefined {
  return settings && { settings, place: appSettings, sources: new Map(), fixed: new Set(), faults: [] };
}

function readJson(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const reason = codeOf(error) === 'ENOENT' ? 'is missing' : 'cannot be read';
    throw new ConfigError([{ source: file, path: '', reason }]);
  }
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw new ConfigError([{ source: file, path: '', reason: syntaxReason(text, error) }]);
  }
}

function syntaxReason(text: string, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position === undefined) return `is not JSON: ${message}`;
  const before = text.slice(0, Number(position)).split('\n');
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}: is not JSON: ${message.replace(/ \(line.*|, .*| in JSON.*/s, '')}`;
}

function objectOf(value: unknown, file: string): JsonObject {
  if (isJsonObject(value)) return value;
  throw new ConfigError([{ source: file, path: '', reason: 'must be a JSON object' }]);
}
