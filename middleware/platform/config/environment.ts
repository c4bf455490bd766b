import type { ConfigFault } from './config-error.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What a variable's text says. */
type Reading = { readonly value: unknown } | { readonly fault: string };
/** Reads the text of a variable. */
export type Read = (text: string) => Reading;

/** As it is. */
export const text: Read = (value) => ({ value });

export const integer: Read = (value) =>
  /^\d+$/.test(value) ? { value: Number(value) } : { fault: `"${value}" is not a whole number` };

const list: Read = (value) => ({
  value: value
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== ''),
});

export const yesOrNo: Read = (value) => {
  if (/^(?:true|1|yes|on)$/i.test(value)) return { value: true };
  if (/^(?:false|0|no|off)$/i.test(value)) return { value: false };
  return { fault: `"${value}" is neither true nor false` };
};

/** Every setting that the environment can override: the variable, the setting's path, and how its text is read. */
const overrides: readonly (readonly [variable: string, path: string, read: Read])[] = [
  ['CODEX_PLUS_HOST', 'server.host', text],
  ['CODEX_PLUS_PORT', 'server.port', integer],
  ['CODEX_PLUS_API_KEYS', 'server.apiKeys', list],
  ['CODEX_PLUS_ALLOWED_HOSTS', 'server.allowedHosts', list],
  ['CODEX_PLUS_ALLOWED_ORIGINS', 'server.allowedOrigins', list],
  ['CODEX_PLUS_PUBLISHED_ON_LOOPBACK', 'server.publishedOnLoopback', yesOrNo],
  ['CODEX_PLUS_MAX_BODY_BYTES', 'server.maxBodyBytes', integer],
  ['CODEX_PLUS_MAX_BODY_BYTES_IN_FLIGHT', 'server.maxBodyBytesInFlight', integer],
  ['CODEX_PLUS_KEEPALIVE_MS', 'server.keepaliveMs', integer],
  ['CODEX_PLUS_BODY_IDLE_MS', 'server.bodyIdleMs', integer],
  ['CODEX_PLUS_WEBSOCKET_IDLE_MS', 'server.webSocketIdleMs', integer],
  ['CODEX_PLUS_DRAIN_TIMEOUT_MS', 'server.drainTimeoutMs', integer],
  ['CODEX_PLUS_LOG_LEVEL', 'log.level', text],
  ['CODEX_PLUS_LOG_FORMAT', 'log.format', text],
  ['CODEX_PLUS_LOG_ACCESS', 'log.access', yesOrNo],
  ['CODEX_PLUS_LITELLM_MODE', 'litellm.mode', text],
  ['CODEX_PLUS_LITELLM_URL', 'litellm.url', text],
  ['CODEX_PLUS_LITELLM_CONFIG', 'litellm.configFile', text],
  ['CODEX_PLUS_CHATGPT_ENABLED', 'chatgpt.enabled', yesOrNo],
  ['CODEX_PLUS_CHATGPT_BASE_URL', 'chatgpt.baseUrl', text],
  ['CODEX_PLUS_CHATGPT_TRANSPORT', 'chatgpt.transport', text],
  ['CODEX_PLUS_UPSTREAM_CLIENT', 'upstreams.client', text],
  ['CODEX_PLUS_CODEX_ENABLED', 'codex.enabled', yesOrNo],
  ['CODEX_PLUS_CODEX_PROGRAM', 'codex.program', text],
  ['CODEX_PLUS_CODEX_HOME', 'codex.home', text],
  ['CODEX_PLUS_CODEX_MODEL', 'codex.model', text],
  ['CODEX_PLUS_CODEX_PROVIDER', 'codex.provider', text],
  ['CODEX_PLUS_CODEX_SANDBOX', 'codex.sandbox', text],
  ['CODEX_PLUS_CODEX_LISTED_AS', 'codex.listedAs', text],
  ['CODEX_PLUS_CODEX_WORKERS', 'codex.workers', integer],
  ['CODEX_PLUS_CODEX_TURNS_PER_WORKER', 'codex.turnsPerWorker', integer],
  ['CODEX_PLUS_CODEX_MAX_WORKER_BYTES', 'codex.maxWorkerBytes', integer],
  ['CODEX_PLUS_CODEX_MAX_REQUEST_BYTES', 'codex.maxRequestBytes', integer],
  ['CODEX_PLUS_CODEX_MAX_TURNS', 'codex.maxTurns', integer],
  ['CODEX_PLUS_CODEX_TURN_TIMEOUT_MS', 'codex.turnTimeoutMs', integer],
  ['CODEX_PLUS_CODEX_IDLE_TIMEOUT_MS', 'codex.idleTimeoutMs', integer],
  ['CODEX_PLUS_CODEX_START_TIMEOUT_MS', 'codex.startTimeoutMs', integer],
  ['CODEX_PLUS_CODEX_STREAM_IDLE_TIMEOUT_MS', 'codex.streamIdleTimeoutMs', integer],
  ['CODEX_PLUS_CODEX_HUNG_AFTER_MS', 'codex.hungAfterMs', integer],
  ['CODEX_PLUS_CODEX_MAX_STREAMS', 'codex.maxStreams', integer],
  ['CODEX_PLUS_CODEX_KILL_ON_DISCONNECT', 'codex.killOnDisconnect', yesOrNo],
  ['CODEX_PLUS_CODEX_WORK_DIR', 'codex.workDir', text],
  ['CODEX_PLUS_CODEX_OPEN_NAMES', 'codex.openNames', yesOrNo],
  ['CODEX_PLUS_CODEX_LOG_MESSAGES', 'codex.logMessages', yesOrNo],
  ['CODEX_PLUS_CODEX_TEST_ENDPOINTS', 'codex.testEndpoints', yesOrNo],
  ['CODEX_PLUS_CODEX_STOP_AFTER_TOOLS', 'codex.stopAfterTools', text],
  ['CODEX_PLUS_CODEX_STOP_AFTER_TOOLS_GRACE_MS', 'codex.stopAfterToolsGraceMs', integer],
  ['CODEX_PLUS_CODEX_SUPPRESS_TAIL_AFTER_TOOLS', 'codex.suppressTailAfterTools', yesOrNo],
  ['CODEX_PLUS_CODEX_TOOL_BLOCK_MAX', 'codex.toolBlockMax', integer],
  ['CODEX_PLUS_USAGE_ENABLED', 'usage.enabled', yesOrNo],
  ['CODEX_PLUS_RATE_LIMIT_ENABLED', 'rateLimit.enabled', yesOrNo],
  ['CODEX_PLUS_RATE_LIMIT_WINDOW_MS', 'rateLimit.windowMs', integer],
  ['CODEX_PLUS_RATE_LIMIT_MAX', 'rateLimit.max', integer],
  ['CODEX_PLUS_WORKSPACE_ROOTS', 'workspaces.roots', list],
  ['CODEX_PLUS_WORKSPACE', 'workspaces.default', text],
  ['CODEX_PLUS_COMMAND_REFERENCES', 'commands.references', text],
  ['CODEX_PLUS_COMMAND_POSITIONALS', 'commands.positionals', text],
  ['CODEX_PLUS_PERMISSIONS_UNDECIDED', 'permissions.undecided', text],
  ['CODEX_PLUS_UNCHECKED_PATHS', 'passthrough.uncheckedPaths', list],
  ['CODEX_PLUS_ACCESSIBILITY_SENTENCES', 'accessibility.sentences', yesOrNo],
  ['CODEX_PLUS_MCP_PREFIX', 'mcp.prefix', text],
  ['CODEX_PLUS_MCP_PIN_TOOLS', 'mcp.pinTools', yesOrNo],
  ['CODEX_PLUS_MCP_REDACT_RESULTS', 'mcp.redactResults', yesOrNo],
  ['CODEX_PLUS_MCP_SAMPLING', 'mcp.sampling', list],
  ['CODEX_PLUS_BREAKER_FAILURES', 'breaker.failures', integer],
  ['CODEX_PLUS_BREAKER_COOL_DOWN_MS', 'breaker.coolDownMs', integer],
  ['CODEX_PLUS_CONNECT_TIMEOUT_MS', 'timeouts.connectMs', integer],
  ['CODEX_PLUS_HEADERS_TIMEOUT_MS', 'timeouts.headersMs', integer],
  ['CODEX_PLUS_IDLE_TIMEOUT_MS', 'timeouts.idleMs', integer],
  ['CODEX_PLUS_MAX_EVENT_BYTES', 'limits.maxEventBytes', integer],
  ['CODEX_PLUS_MAX_STREAM_BYTES', 'limits.maxStreamBytes', integer],
  ['CODEX_PLUS_MAX_ROUNDS', 'limits.maxRounds', integer],
  ['CODEX_PLUS_SANDBOX_MODE', 'sandbox.mode', text],
  ['CODEX_PLUS_MCP_TOOLS', 'mcp.tools', text],
  ['CODEX_PLUS_MCP_SEARCH_ABOVE_TOKENS', 'mcp.searchAboveTokens', integer],
  ['CODEX_PLUS_MCP_WAIT_MS', 'mcp.waitMs', integer],
];

/** The variable that sets a setting of ours, by the setting's path. */
export function overrideOf(path: string): string | undefined {
  return overrides.find(([, each]) => each === path)?.[0];
}

/** Which variable set a setting, by the setting's path. */
export type OverrideSources = ReadonlyMap<string, string>;

/** The value of a variable; an empty one counts as not set, as `${VAR:-}` in a compose file leaves it. */
export function valueOf(env: Environment, variable: string): string | undefined {
  const value = env[variable]?.trim();
  return value === '' ? undefined : value;
}

/**
 * The settings with the environment's values in them, the variables that gave them, and what could not be read. Those
 * of `fixed` stay as they are.
 */
export function withOverrides(
  settings: Readonly<Record<string, unknown>>,
  env: Environment,
  fixed: ReadonlySet<string> = new Set(),
): { settings: Record<string, unknown>; sources: OverrideSources; faults: ConfigFault[] } {
  const merged: Record<string, unknown> = { ...settings };
  const sources = new Map<string, string>();
  const faults: ConfigFault[] = [];
  for (const [variable, path, read] of overrides) {
    const value = valueOf(env, variable);
    const [section = '', key = ''] = path.split('.');
    if (value === undefined || fixed.has(path)) continue;
    const reading = read(value);
    if ('fault' in reading) {
      faults.push({ source: 'environment', path: variable, reason: reading.fault });
      continue;
    }
    sources.set(path, variable);
    const before = merged[section];
    merged[section] = { ...(typeof before === 'object' ? before : {}), [key]: reading.value };
  }
  return { settings: merged, sources, faults };
}
