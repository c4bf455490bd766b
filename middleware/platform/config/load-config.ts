import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { codeOf } from '../../kernel/errors.ts';
import { checkSettings } from './check-settings.ts';
import { ConfigError, type ConfigFault } from './config-error.ts';
import type { Config, ProviderConfig, ServerConfig } from './config.ts';
import { valueOf, withOverrides, type Environment } from './environment.ts';

interface LoadConfigOptions {
  /** The project's root: `config/codex_plus.json` and `config/schemas` are below it. */
  readonly rootDir: string;
  readonly env: Environment;
  /** Whether the log goes to a terminal: decides the format `auto`. */
  readonly isTerminal: boolean;
}

/** The settings as the schema has them, before keys and paths are resolved. */
interface Settings extends Omit<Config, 'litellm' | 'providers' | 'stateDir' | 'log'> {
  readonly log: {
    readonly level: Config['log']['level'];
    readonly format: 'auto' | 'json' | 'pretty';
    readonly access: boolean;
  };
  readonly litellm: Pick<Config['litellm'], 'mode' | 'url' | 'configFile'>;
  readonly providers: readonly Omit<ProviderConfig, 'apiKey'>[];
}

/** The two base URLs that LiteLLM takes from the environment, so that both tiers agree on them. */
const baseUrlVariables: Readonly<Record<string, string>> = {
  openai: 'OPENAI_API_BASE',
  anthropic: 'ANTHROPIC_API_BASE',
};

/**
 * Reads and checks the configuration: the file, the environment over it, defaults below it.
 * Throws a ConfigError with every fault; nothing is guessed and nothing is ignored.
 */
export function loadConfig({ rootDir, env, isTerminal }: LoadConfigOptions): Config {
  const file = resolve(rootDir, valueOf(env, 'CODEX_PLUS_CONFIG') ?? 'config/codex_plus.json');
  const schema = readJson(join(rootDir, 'config/schemas/codex_plus.schema.json')) as object;
  const { settings: merged, sources, faults } = withOverrides(objectOf(readJson(file), file), env);
  faults.push(...checkSettings(merged, schema, file, sources));
  if (faults.length > 0) throw new ConfigError(faults);
  const settings = merged as unknown as Settings;
  const unsafe = unsafeSettings(settings, file);
  if (unsafe.length > 0) throw new ConfigError(unsafe);
  return complete(settings, { file, rootDir, env, isTerminal });
}

function complete(
  settings: Settings,
  { file, rootDir, env, isTerminal }: LoadConfigOptions & { readonly file: string },
): Config {
  const stateDir = resolve(rootDir, valueOf(env, 'CODEX_PLUS_STATE_DIR') ?? '.state');
  const auto = isTerminal ? 'pretty' : 'json';
  return {
    server: settings.server,
    log: { ...settings.log, format: settings.log.format === 'auto' ? auto : settings.log.format },
    litellm: {
      ...settings.litellm,
      configFile: resolve(dirname(file), settings.litellm.configFile),
      masterKey: valueOf(env, 'LITELLM_MASTER_KEY'),
      masterKeyFile: resolve(
        rootDir,
        valueOf(env, 'LITELLM_MASTER_KEY_FILE') ?? join(stateDir, 'litellm_master_key'),
      ),
    },
    chatgpt: settings.chatgpt,
    providers: settings.providers.map((provider) => ({
      ...provider,
      baseUrl: baseUrlOf(provider, env),
      apiKey: valueOf(env, provider.apiKeyEnv),
    })),
    accessibility: settings.accessibility,
    breaker: settings.breaker,
    timeouts: settings.timeouts,
    sandbox: settings.sandbox,
    stateDir,
  };
}

/** What is well formed and all the same must not run. */
function unsafeSettings({ server, timeouts }: Settings, file: string): ConfigFault[] {
  const faults: ConfigFault[] = [];
  if (!isLoopback(server) && server.apiKeys.length === 0 && !server.publishedOnLoopback) {
    faults.push({
      source: file,
      path: 'server.host',
      reason:
        `"${server.host}" can be reached from elsewhere, and no key is asked; ` +
        'set server.apiKeys (CODEX_PLUS_API_KEYS), or bind 127.0.0.1',
    });
  }
  if (server.keepaliveMs >= timeouts.idleMs) {
    faults.push({ source: file, path: 'server.keepaliveMs', reason: 'must be shorter than timeouts.idleMs' });
  }
  return faults;
}

function isLoopback({ host }: ServerConfig): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/** LiteLLM's ANTHROPIC_API_BASE stands without `/v1`, its OPENAI_API_BASE with it. */
function baseUrlOf({ name, baseUrl }: Pick<ProviderConfig, 'name' | 'baseUrl'>, env: Environment): string {
  const variable = baseUrlVariables[name];
  const base = variable === undefined ? undefined : valueOf(env, variable)?.replace(/\/+$/, '');
  if (base === undefined) return baseUrl;
  return base.endsWith('/v1') ? base : `${base}/v1`;
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

function objectOf(value: unknown, file: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return structuredClone(value) as Readonly<Record<string, unknown>>;
  }
  throw new ConfigError([{ source: file, path: '', reason: 'must be a JSON object' }]);
}
