import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readApiService } from '../../../middleware/platform/config/api/api-service.ts';
import { apiVariables } from '../../../middleware/platform/config/api/api-variables.ts';
import { ConfigError } from '../../../middleware/platform/config/config-error.ts';
import type { Config } from '../../../middleware/platform/config/config.ts';
import { loadConfig } from '../../../middleware/platform/config/load-config.ts';
import { rootDir } from '../../support/compose-middleware.ts';

type Env = Readonly<Record<string, string>>;

let cwd: string;

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'codex-plus-api-'));
});

afterAll(() => {
  rmSync(cwd, { recursive: true });
});

function load(env: Env = {}): Config {
  const service = readApiService({ env, rootDir, cwd });
  return loadConfig({ rootDir, env: service.env, given: service.given, isTerminal: false });
}

function faults(env: Env): readonly string[] {
  try {
    load(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
  return [];
}

/** As the documents write a value where nothing is said; a folder is told by its name. */
function inDocuments(usual: unknown): string | undefined {
  if (usual === undefined) return 'state folder';
  if (usual === '') return 'none';
  return typeof usual === 'string' ? usual.split(sep).at(-1) : JSON.stringify(usual);
}

const key = 'key-0123456789abcdef';

describe('the service', () => {
  test.each(['', ' '])('a key that is set and blank is a fault: %j [API-3]', (blank) => {
    expect(faults({ PROXY_API_KEY: blank })).toEqual([
      expect.stringContaining('PROXY_API_KEY: is set and blank: give it a key of 16 characters at least'),
    ]);
  });

  test('without a word it is what its documents say, and calls nobody but Codex [API-3]', () => {
    const config = load();
    expect(config.server).toMatchObject({
      ...{ host: '127.0.0.1', port: 11_435, apiKeys: [], keepaliveMs: 15_000, allowedHosts: [] },
    });
    expect(config.litellm.mode).toBe('off');
    expect([config.providers, config.chatgpt.enabled]).toEqual([[], false]);
    expect(config.usage.enabled).toBe(true);
    expect(config.rateLimit).toEqual({ enabled: false, windowMs: 60_000, max: 60 });
    expect(config.codex).toMatchObject({
      ...{ enabled: true, program: 'codex', model: 'gpt-5', provider: '', sandbox: 'read-only' },
      ...{ home: join(cwd, '.codex-api'), listedAs: 'prod', openNames: true, killOnDisconnect: true },
      ...{ turnTimeoutMs: 300_000, startTimeoutMs: 15_000, streamIdleTimeoutMs: 300_000 },
      ...{ idleTimeoutMs: 120_000, maxStreams: 64, maxTurns: 64, logMessages: false, testEndpoints: false },
      ...{
        stopAfterTools: 'never',
        stopAfterToolsGraceMs: 300,
        suppressTailAfterTools: false,
        toolBlockMax: 0,
      },
    });
    expect(config.stateDir).toBe(join(rootDir, '.state', 'api'));
  });

  test.each<readonly [Env, object]>([
    [{ PORT: '8080' }, { server: { port: 8080 } }],
    [{ PROXY_API_KEY: key }, { server: { apiKeys: [{ name: 'PROXY_API_KEY', key }], allowedHosts: ['*'] } }],
    [{ PROXY_PROTECT_MODELS: 'true' }, { codex: { openNames: false } }],
    [{ PROXY_ENABLE_CORS: 'false' }, { server: { allowedOrigins: [] } }],
    [{ PROXY_API_KEY: key, PROXY_ENABLE_CORS: 'true' }, { server: { allowedOrigins: ['*'] } }],
    [{ PROXY_TIMEOUT_MS: '9000' }, { codex: { turnTimeoutMs: 9000 } }],
    [{ PROXY_IDLE_TIMEOUT_MS: '9000' }, { codex: { startTimeoutMs: 9000 } }],
    [{ PROXY_STREAM_IDLE_TIMEOUT_MS: '9000' }, { codex: { streamIdleTimeoutMs: 9000 } }],
    [{ PROXY_PROTO_IDLE_MS: '9000' }, { codex: { idleTimeoutMs: 9000 } }],
    [{ PROXY_SSE_KEEPALIVE_MS: '0' }, { server: { keepaliveMs: 0 } }],
    [{ PROXY_SSE_MAX_CONCURRENCY: '4' }, { codex: { maxStreams: 4, maxTurns: 64 } }],
    [{ PROXY_SSE_MAX_CONCURRENCY: '100' }, { codex: { maxStreams: 100, maxTurns: 100 } }],
    [{ CODEX_PLUS_CODEX_MAX_STREAMS: '100' }, { codex: { maxStreams: 100, maxTurns: 100 } }],
    [{ CODEX_PLUS_CODEX_MAX_TURNS: '10' }, { codex: { maxStreams: 10, maxTurns: 10 } }],
    [{ CODEX_PLUS_CODEX_MAX_TURNS: '100' }, { codex: { maxStreams: 64, maxTurns: 100 } }],
    [{ PROXY_KILL_ON_DISCONNECT: 'false' }, { codex: { killOnDisconnect: false } }],
    [
      { PROXY_RATE_LIMIT_ENABLED: '1', PROXY_RATE_LIMIT_WINDOW_MS: '1000', PROXY_RATE_LIMIT_MAX: '5' },
      { rateLimit: { enabled: true, windowMs: 1000, max: 5 } },
    ],
    [{ PROXY_STOP_AFTER_TOOLS: 'true' }, { codex: { stopAfterTools: 'burst' } }],
    [
      { PROXY_STOP_AFTER_TOOLS: 'true', PROXY_STOP_AFTER_TOOLS_MODE: 'first' },
      { codex: { stopAfterTools: 'first' } },
    ],
    [{ PROXY_STOP_AFTER_TOOLS_MODE: 'first' }, { codex: { stopAfterTools: 'never' } }],
    [{ PROXY_STOP_AFTER_TOOLS_GRACE_MS: '50' }, { codex: { stopAfterToolsGraceMs: 50 } }],
    [{ PROXY_SUPPRESS_TAIL_AFTER_TOOLS: 'true' }, { codex: { suppressTailAfterTools: true } }],
    [{ PROXY_TOOL_BLOCK_MAX: '2' }, { codex: { toolBlockMax: 2 } }],
    [{ CODEX_BIN: '/opt/codex' }, { codex: { program: '/opt/codex' } }],
    [{ CODEX_MODEL: 'gpt-6' }, { codex: { model: 'gpt-6' } }],
    [{ CODEX_HOME: '/srv/codex' }, { codex: { home: '/srv/codex' } }],
    [
      { CODEX_PLUS_API_KEYS: ' ,', PROXY_ENABLE_CORS: 'false' },
      { server: { apiKeys: [], allowedHosts: [] } },
    ],
    [{ CODEX_PLUS_CODEX_PROVIDER: 'azure' }, { codex: { provider: 'azure' } }],
    [
      { CODEX_FORCE_PROVIDER: 'azure', CODEX_PLUS_CODEX_PROVIDER: 'codex-plus' },
      { codex: { provider: 'azure' } },
    ],
    [{ CODEX_FORCE_PROVIDER: 'azure' }, { codex: { provider: 'azure' } }],
    [{ PROXY_CODEX_WORKDIR: '/srv/work' }, { codex: { workDir: '/srv/work' } }],
    [{ PROXY_ENV: 'dev', PROXY_TEST_ENDPOINTS: 'true' }, { codex: { listedAs: 'dev', testEndpoints: true } }],
    [{ PROXY_SANDBOX_MODE: 'workspace-write' }, { codex: { sandbox: 'workspace-write' } }],
    [{ PROXY_DEBUG_PROTO: 'true' }, { codex: { logMessages: true }, log: { level: 'debug' } }],
  ])('%j is its setting [API-3]', (env, expected) => {
    expect(load(env)).toMatchObject(expected);
  });

  test.each<readonly [Env, object]>([
    [
      { PROXY_STOP_AFTER_TOOLS: 'false', CODEX_PLUS_CODEX_STOP_AFTER_TOOLS: 'first' },
      { codex: { stopAfterTools: 'never' } },
    ],
    [
      { PROXY_STOP_AFTER_TOOLS: 'true', CODEX_PLUS_CODEX_STOP_AFTER_TOOLS: 'first' },
      { codex: { stopAfterTools: 'burst' } },
    ],
    [
      { PROXY_DEBUG_PROTO: 'true', CODEX_PLUS_LOG_LEVEL: 'warn' },
      { codex: { logMessages: true }, log: { level: 'debug' } },
    ],
    [
      { PROXY_DEBUG_PROTO: 'false', CODEX_PLUS_LOG_LEVEL: 'warn' },
      { codex: { logMessages: false }, log: { level: 'warn' } },
    ],
    [
      { PROXY_ENABLE_CORS: 'false', CODEX_PLUS_ALLOWED_ORIGINS: 'https://a.example' },
      { server: { allowedOrigins: [] } },
    ],
    [
      { PROXY_API_KEY: key, CODEX_PLUS_API_KEYS: 'other-0123456789abcdef' },
      { server: { apiKeys: [{ key }] } },
    ],
  ])('of %j its own variable counts [API-3]', (env, expected) => {
    expect(load(env)).toMatchObject(expected);
  });

  test('its documents have the same variables, with the same values where nothing is said [API-3]', () => {
    const rows = readFileSync(join(rootDir, 'docs', 'codex-api.md'), 'utf8').matchAll(
      /^\| +`([A-Z]\w+)`(?:, `(_\w+)`)? +\| +(`.*?`|none|state folder) +\|/gm,
    );
    const told = [...rows].flatMap(([, name = '', also, usual = '']) => {
      const values = usual.replaceAll('`', '').split(', ');
      const second = also === undefined ? [] : [[name.replace(/_[A-Z]+(?:_MS)?$/, also), values[1]]];
      return [[name, values[0]], ...second];
    });
    const others = new Map([
      ['codex.openNames', 'false'],
      // It goes with the number of calls.
      ['codex.maxStreams', '64'],
    ]);
    const variables = apiVariables('.').map(({ name, path, usual }) => [
      name,
      others.get(path) ?? inDocuments(usual),
    ]);
    const joined = [
      ['PROXY_API_KEY', 'none'],
      ['PROXY_ENABLE_CORS', 'true'],
      ['PROXY_STOP_AFTER_TOOLS', 'false'],
      ['PROXY_STOP_AFTER_TOOLS_MODE', 'burst'],
    ];
    const { variables: names } = readApiService({ env: {}, rootDir, cwd });
    expect(names.toSorted()).toEqual([...variables, ...joined].map(([name]) => name).toSorted());
    expect(told.toSorted()).toEqual([...variables, ...joined].toSorted());
  });

  test('folders are named from where it was called [API-3]', () => {
    expect(load({ CODEX_HOME: 'home', PROXY_CODEX_WORKDIR: '../work' }).codex).toMatchObject({
      home: join(cwd, 'home'),
      workDir: join(cwd, '..', 'work'),
    });
  });

  test('what it has no variable for is set as elsewhere, and its own variables count more; it stays what it is [API-3]', () => {
    const config = load({
      ...{ CODEX_PLUS_HOST: '::1', CODEX_PLUS_PORT: '1', CODEX_PLUS_KEEPALIVE_MS: '5000', PORT: '2' },
      ...{ CODEX_PLUS_LITELLM_MODE: 'managed', CODEX_PLUS_CODEX_ENABLED: 'false' },
      ...{ CODEX_PLUS_API_KEYS: key, CODEX_PLUS_STATE_DIR: '/var/lib/codex-plus' },
    });
    expect(config.server).toMatchObject({ host: '::1', port: 2, keepaliveMs: 5000, allowedOrigins: ['*'] });
    expect([config.litellm.mode, config.codex.enabled]).toEqual(['off', true]);
    expect(config.stateDir).toBe('/var/lib/codex-plus/api');
  });

  test('without a key only pages of this machine may call [API-2]', () => {
    const { allowedOrigins } = load().server;
    expect(allowedOrigins).toContain('http://localhost:*');
    expect(allowedOrigins).not.toContain('*');
  });
});

describe('what is wrong with its variables', () => {
  test.each<readonly [Env, RegExp]>([
    [{ PORT: 'http' }, /PORT: "http" is not a whole number/],
    [{ PORT: '70000' }, /PORT: must be <= 65535/],
    [{ PROXY_API_KEY: 'short' }, /PROXY_API_KEY: must NOT have fewer than 16 characters/],
    [{ PROXY_API_KEY: 'codex-local-secret' }, /PROXY_API_KEY: has a key that documents show/],
    [
      { PROXY_TEST_ENDPOINTS: 'true' },
      /PROXY_TEST_ENDPOINTS: tells everybody what runs here; it is for PROXY_ENV "dev"/,
    ],
    [
      { CODEX_PLUS_HOST: '0.0.0.0' },
      /CODEX_PLUS_HOST: "0.0.0.0" can be reached from elsewhere.*; set PROXY_API_KEY, or/,
    ],
    [{ PROXY_PROTECT_MODELS: 'maybe' }, /PROXY_PROTECT_MODELS: "maybe" is neither true nor false/],
    [{ PROXY_ENABLE_CORS: 'maybe' }, /PROXY_ENABLE_CORS: "maybe" is neither true nor false/],
    [{ PROXY_TIMEOUT_MS: '5' }, /PROXY_TIMEOUT_MS: must be >= 1000/],
    [{ PROXY_SSE_KEEPALIVE_MS: '1000000' }, /PROXY_SSE_KEEPALIVE_MS: must be shorter than CODEX_PLUS_IDLE/],
    [{ PROXY_SSE_MAX_CONCURRENCY: '0' }, /PROXY_SSE_MAX_CONCURRENCY: must be >= 1/],
    [
      { PROXY_SSE_MAX_CONCURRENCY: '20', CODEX_PLUS_CODEX_MAX_TURNS: '10' },
      /PROXY_SSE_MAX_CONCURRENCY: so many streams can never run: CODEX_PLUS_CODEX_MAX_TURNS lets 10 calls run/,
    ],
    [{ PROXY_RATE_LIMIT_MAX: '-1' }, /PROXY_RATE_LIMIT_MAX: "-1" is not a whole number/],
    [
      { PROXY_STOP_AFTER_TOOLS_MODE: 'last' },
      /PROXY_STOP_AFTER_TOOLS_MODE: "last" is neither burst nor first/,
    ],
    [{ PROXY_ENV: 'staging' }, /PROXY_ENV: "staging" is neither dev nor prod/],
    [{ PROXY_SANDBOX_MODE: 'danger-full-access' }, /PROXY_SANDBOX_MODE: commands see the folder/],
    [{ PROXY_SANDBOX_MODE: 'all' }, /PROXY_SANDBOX_MODE: must be one of no-commands, read-only/],
    [{ CODEX_MODEL: 'codex-5' }, /CODEX_MODEL: "codex-5" is Codex itself/],
    [{ CODEX_FORCE_PROVIDER: 'codex-plus' }, /CODEX_FORCE_PROVIDER: is this service itself/],
    [{ CODEX_PLUS_CODEX_PROVIDER: 'codex-plus' }, /CODEX_PLUS_CODEX_PROVIDER: is this service itself/],
    [{ CODEX_FORCE_PROVIDER: 'a b' }, /CODEX_FORCE_PROVIDER: does not have the form/],
  ])('%j stops the start, with its name [API-3]', (env, expected) => {
    const told = faults(env);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(expected);
  });

  test('all faults are told at once, and no key [API-3]', () => {
    const told = faults({ PORT: 'x', PROXY_ENV: 'y', PROXY_API_KEY: 'hidden', PROXY_TIMEOUT_MS: '1' });
    expect(told).toHaveLength(4);
    expect(told.join()).not.toContain('hidden');
  });

  test('a name that it does not know is told, with the one that was meant [API-3]', () => {
    const env = {
      PROXY_ENABLE_COR: 'true',
      PROXY_SOMETHING: '1',
      HTTP_PROXY: 'http://127.0.0.1:1',
      PROXY_ENV: '',
    };
    expect(readApiService({ env, rootDir, cwd }).warnings).toEqual([
      'PROXY_ENABLE_COR is no variable of this service and says nothing; did you mean PROXY_ENABLE_CORS?',
      'PROXY_SOMETHING is no variable of this service and says nothing',
    ]);
  });
});

test('nothing of the configuration of whoever starts the service is for its callers [API-1]', () => {
  const home = (env: Env) => {
    const { CODEX_HOME, CLAUDE_CONFIG_DIR } = readApiService({ env, rootDir, cwd }).env;
    return { CODEX_HOME, CLAUDE_CONFIG_DIR };
  };
  const env = { CLAUDE_CONFIG_DIR: '/home/me/.claude', CODEX_HOME: '/srv/one' };
  expect(home(env)).toEqual({ CODEX_HOME: '/srv/one', CLAUDE_CONFIG_DIR: undefined });
  expect(home({ ...env, CODEX_PLUS_CODEX_HOME: '/srv/two' }).CODEX_HOME).toBe('/srv/two');
});
