import { dirname, join, resolve } from 'node:path';
import type { JsonObject } from '../../kernel/json-object.ts';
import { isLoopbackHost } from '../../protocol/loopback-host.ts';
import { ConfigError } from './config-error.ts';
import type { ApiKey, CodexConfig, Config, ProviderConfig, ServerConfig } from './config.ts';
import { valueOf, type Environment } from './environment.ts';
import { keyFaults } from './key-faults.ts';
import { providerBaseUrl } from './provider-base-url.ts';
import { readConfig, type GivenSettings } from './read-config.ts';
import { unsafeSettings } from './unsafe-settings.ts';

interface LoadConfigOptions {
  /** The project's root: `config/codex_plus.json` and `config/schemas` are below it. */
  readonly rootDir: string;
  readonly env: Environment;
  /** In place of what the file says. */
  readonly settings?: JsonObject;
  /** The same, from variables of their own. */
  readonly given?: GivenSettings;
  /** Whether the log goes to a terminal: decides the format `auto`. */
  readonly isTerminal: boolean;
}

/** The settings as the schema has them, before keys and paths are resolved. */
interface Settings extends Omit<Config, 'server' | 'litellm' | 'codex' | 'providers' | 'stateDir' | 'log'> {
  readonly server: Omit<ServerConfig, 'apiKeys'> & { readonly apiKeys: readonly (string | ApiKey)[] };
  readonly log: {
    readonly level: Config['log']['level'];
    readonly format: 'auto' | 'json' | 'pretty';
    readonly access: boolean;
  };
  readonly litellm: Pick<Config['litellm'], 'mode' | 'url' | 'configFile'>;
  readonly codex: Omit<CodexConfig, 'home' | 'workDir' | 'maxTurns' | 'maxStreams'> & {
    readonly home?: string;
    readonly workDir?: string;
    readonly maxTurns?: number;
    readonly maxStreams?: number;
  };
  readonly providers: readonly Omit<ProviderConfig, 'apiKey'>[];
}

/**
 * Reads and checks the configuration: the file, the environment over it, defaults below it.
 * Throws a ConfigError with every fault; nothing is guessed and nothing is ignored.
 */
export function loadConfig(options: LoadConfigOptions): Config {
  const { file, place, settings: merged, sources, faults } = readConfig(options);
  if (faults.length > 0) throw new ConfigError(faults);
  const settings = merged as unknown as Settings;
  const unsafe = [
    ...unsafeSettings(settings, { place, sources }),
    ...keyFaults(settings.server.apiKeys.map(named), { place, sources }),
  ];
  if (unsafe.length > 0) throw new ConfigError(unsafe);
  return complete(settings, { ...options, file });
}

function complete(
  settings: Settings,
  { file, rootDir, env, isTerminal }: LoadConfigOptions & { readonly file: string },
): Config {
  const stateDir = resolve(rootDir, valueOf(env, 'CODEX_PLUS_STATE_DIR') ?? '.state');
  const auto = isTerminal ? 'pretty' : 'json';
  return {
    server: { ...settings.server, apiKeys: settings.server.apiKeys.map(named) },
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
    upstreams: settings.upstreams,
    codex: {
      ...settings.codex,
      ...placesOf(settings.codex),
      home: resolve(dirname(file), settings.codex.home ?? join(stateDir, 'codex', 'home')),
      workDir: resolve(dirname(file), settings.codex.workDir ?? join(stateDir, 'codex', 'work')),
    },
    usage: settings.usage,
    providers: settings.providers.map((provider) => ({
      ...provider,
      baseUrl: movedTo(provider, env, settings.server) ?? provider.baseUrl,
      apiKey: valueOf(env, provider.apiKeyEnv),
    })),
    rateLimit: settings.rateLimit,
    workspaces: settings.workspaces,
    commands: settings.commands,
    permissions: settings.permissions,
    passthrough: settings.passthrough,
    accessibility: settings.accessibility,
    mcp: settings.mcp,
    breaker: settings.breaker,
    timeouts: settings.timeouts,
    limits: settings.limits,
    sandbox: settings.sandbox,
    stateDir,
  };
}

const usualTurns = 64;

/** Streams are calls as well: whoever asks for more of them alone gets as many calls. */
function placesOf({ maxTurns, maxStreams }: Settings['codex']): Pick<CodexConfig, 'maxTurns' | 'maxStreams'> {
  const turns = maxTurns ?? Math.max(usualTurns, maxStreams ?? 0);
  return { maxTurns: turns, maxStreams: maxStreams ?? Math.min(usualTurns, turns) };
}

/** A shell that Claude Code is started in as well may name us: we would call ourselves. */
function movedTo(
  provider: Pick<ProviderConfig, 'name'>,
  env: Environment,
  { port }: Pick<ServerConfig, 'port'>,
): string | undefined {
  const url = providerBaseUrl(provider, env)?.url;
  const { hostname, port: itsPort } = URL.parse(url ?? '') ?? { hostname: '', port: '' };
  const isOurs = isLoopbackHost(hostname) && itsPort === String(port);
  return isOurs ? undefined : url;
}

function named(key: string | ApiKey, index: number): ApiKey {
  return typeof key === 'string' ? { name: `key-${index + 1}`, key } : key;
}
