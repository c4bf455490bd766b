import { resolve } from 'node:path';
import { integer, text, yesOrNo, type Read } from '../environment.ts';

/** One variable of the stand-alone service, and the setting that it is. */
export interface ApiVariable {
  readonly name: string;
  readonly path: string;
  readonly read: Read;
  /** The setting where nobody says otherwise. */
  readonly usual: unknown;
}

/** Every variable of the service that is one setting, with the names and the meaning that its documents gave them. */
export function apiVariables(cwd: string): readonly ApiVariable[] {
  const folder: Read = (value) => ({ value: resolve(cwd, value) });
  return [
    ...services,
    variable('CODEX_HOME', 'codex.home', folder, resolve(cwd, '.codex-api')),
    variable('PROXY_CODEX_WORKDIR', 'codex.workDir', folder, undefined),
  ];
}

const notOf =
  (read: Read): Read =>
  (value) => {
    const reading = read(value);
    return 'fault' in reading ? reading : { value: reading.value !== true };
  };

const environments: ReadonlyMap<string, string> = new Map([
  ...(['dev', 'development'] as const).map((name) => [name, 'dev'] as const),
  ...(['prod', 'production'] as const).map((name) => [name, 'prod'] as const),
]);

const environmentName: Read = (value) => {
  const name = environments.get(value.toLowerCase());
  return name === undefined ? { fault: `"${value}" is neither dev nor prod` } : { value: name };
};

const sandbox: Read = (value) =>
  value === 'danger-full-access'
    ? {
        fault:
          'commands see the folder of their request and nothing else: take workspace-write for files in it',
      }
    : { value };

const services: readonly ApiVariable[] = [
  variable('PORT', 'server.port', integer, 11_435),
  variable('PROXY_ENV', 'codex.listedAs', environmentName, 'prod'),
  variable('PROXY_PROTECT_MODELS', 'codex.openNames', notOf(yesOrNo), true),
  variable('PROXY_TIMEOUT_MS', 'codex.turnTimeoutMs', integer, 300_000),
  variable('PROXY_IDLE_TIMEOUT_MS', 'codex.startTimeoutMs', integer, 15_000),
  variable('PROXY_STREAM_IDLE_TIMEOUT_MS', 'codex.streamIdleTimeoutMs', integer, 300_000),
  variable('PROXY_PROTO_IDLE_MS', 'codex.idleTimeoutMs', integer, 120_000),
  variable('PROXY_SSE_KEEPALIVE_MS', 'server.keepaliveMs', integer, 15_000),
  variable('PROXY_SSE_MAX_CONCURRENCY', 'codex.maxStreams', integer, undefined),
  variable('PROXY_KILL_ON_DISCONNECT', 'codex.killOnDisconnect', yesOrNo, true),
  variable('PROXY_RATE_LIMIT_ENABLED', 'rateLimit.enabled', yesOrNo, false),
  variable('PROXY_RATE_LIMIT_WINDOW_MS', 'rateLimit.windowMs', integer, 60_000),
  variable('PROXY_RATE_LIMIT_MAX', 'rateLimit.max', integer, 60),
  variable('PROXY_STOP_AFTER_TOOLS_GRACE_MS', 'codex.stopAfterToolsGraceMs', integer, 300),
  variable('PROXY_SUPPRESS_TAIL_AFTER_TOOLS', 'codex.suppressTailAfterTools', yesOrNo, false),
  variable('PROXY_TOOL_BLOCK_MAX', 'codex.toolBlockMax', integer, 0),
  variable('PROXY_SANDBOX_MODE', 'codex.sandbox', sandbox, 'read-only'),
  variable('PROXY_DEBUG_PROTO', 'codex.logMessages', yesOrNo, false),
  variable('PROXY_TEST_ENDPOINTS', 'codex.testEndpoints', yesOrNo, false),
  variable('CODEX_BIN', 'codex.program', text, 'codex'),
  variable('CODEX_MODEL', 'codex.model', text, 'gpt-5'),
  variable('CODEX_FORCE_PROVIDER', 'codex.provider', text, ''),
];

function variable(name: string, path: string, read: Read, usual: unknown): ApiVariable {
  return { name, path, read, usual };
}
