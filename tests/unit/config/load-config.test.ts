import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ConfigError, type ConfigFault } from '../../../middleware/platform/config/config-error.ts';
import { loadConfig } from '../../../middleware/platform/config/load-config.ts';
import { rootDir } from '../../support/compose-middleware.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'codex-plus-config-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function load(text: string, env: Readonly<Record<string, string>> = {}): ReturnType<typeof loadConfig> {
  const file = join(folder, 'codex_plus.json');
  writeFileSync(file, text);
  return loadConfig({ rootDir, env: { CODEX_PLUS_CONFIG: file, ...env }, isTerminal: false });
}

function faults(text: string, env: Readonly<Record<string, string>> = {}): readonly ConfigFault[] {
  try {
    load(text, env);
  } catch (error) {
    if (error instanceof ConfigError)
      return error.faults.map((fault) => ({ ...fault, source: fault.source.split('/').at(-1) ?? '' }));
    throw error;
  }
  return [];
}

describe('loadConfig', () => {
  test('the shipped file is the reference: it says the same as the defaults [CFG-2]', () => {
    const shipped = loadConfig({ rootDir, env: {}, isTerminal: true });
    const bare = load('{}');
    expect({ ...shipped, providers: [], log: { ...shipped.log, format: 'json' }, litellm: {} }).toEqual({
      ...bare,
      providers: [],
      litellm: {},
    });
    expect(shipped.litellm.configFile).toBe(join(rootDir, 'config/litellm_config.yaml'));
    expect([shipped.server.host, shipped.server.port, shipped.timeouts.idleMs >= 600_000]).toEqual([
      '127.0.0.1',
      3000,
      true,
    ]);
    expect(shipped.providers.map(({ name }) => name)).toEqual(['openai', 'anthropic']);
  });

  test('the environment goes over the file; an empty variable counts as not set [CFG-2]', () => {
    const config = load('{"server":{"port":1234}}', {
      CODEX_PLUS_PORT: '4321',
      CODEX_PLUS_HOST: '',
      CODEX_PLUS_API_KEYS: 'key-0123456789abcdef, key-fedcba9876543210',
      CODEX_PLUS_LOG_ACCESS: 'off',
      CODEX_PLUS_STATE_DIR: '/var/lib/codex-plus',
      LITELLM_MASTER_KEY: 'sk-master',
    });
    expect(config.server).toMatchObject({
      port: 4321,
      host: '127.0.0.1',
      apiKeys: [
        { name: 'key-1', key: 'key-0123456789abcdef' },
        { name: 'key-2', key: 'key-fedcba9876543210' },
      ],
    });
    expect(config.log.access).toBe(false);
    expect(config.litellm).toMatchObject({
      masterKey: 'sk-master',
      masterKeyFile: '/var/lib/codex-plus/litellm_master_key',
    });
  });

  test('a key has the name that the file gives it, or that of its place [CFG-2]', () => {
    const [plain, other] = ['0123456789abcdef', 'fedcba9876543210'];
    const of = (apiKeys: unknown): string => JSON.stringify({ server: { apiKeys } });
    const ann = { name: 'ann@laptop', key: other };
    const third = 'third-0123456789';
    expect(load(of([plain, ann, third])).server.apiKeys).toEqual([
      { name: 'key-1', key: plain },
      ann,
      { name: 'key-3', key: third },
    ]);
    const wrong = faults(
      of([
        { name: 'ann smith', key: 'short' },
        { key: other, who: 'x' },
      ]),
    );
    expect(wrong.map(({ path }) => path).sort()).toEqual([
      'server.apiKeys[0].key',
      'server.apiKeys[0].name',
      'server.apiKeys[1]',
      'server.apiKeys[1].who',
    ]);
    expect(JSON.stringify(wrong)).not.toContain(other);
  });

  test("the providers' base URLs follow the variables that LiteLLM follows, and their keys come from the environment [RT-3]", () => {
    const { providers } = loadConfig({
      rootDir,
      env: {
        OPENAI_API_BASE: 'http://a/v1/',
        ANTHROPIC_API_BASE: 'http://b',
        OPENAI_API_KEY: 'sk-a',
        ANTHROPIC_API_KEY: ' ',
      },
      isTerminal: false,
    });
    expect(providers.map(({ baseUrl, apiKey }) => [baseUrl, apiKey])).toEqual([
      ['http://a/v1', 'sk-a'],
      ['http://b/v1', undefined],
    ]);
  });

  test('of two variables of a provider the one counts that LiteLLM takes; one that names us counts for nothing [RT-3]', () => {
    const baseUrls = (env: Readonly<Record<string, string>>): unknown =>
      loadConfig({ rootDir, env: { CODEX_PLUS_PORT: '3000', ...env }, isTerminal: false }).providers.map(
        ({ baseUrl }) => baseUrl,
      );
    const [openai, anthropic] = ['https://api.openai.com/v1', 'https://api.anthropic.com/v1'];
    expect(baseUrls({ OPENAI_BASE_URL: 'http://a/v1', OPENAI_API_BASE: 'http://b/v1' })).toEqual([
      ...['http://a/v1', anthropic],
    ]);
    expect(baseUrls({ ANTHROPIC_BASE_URL: 'http://a' })).toEqual([openai, 'http://a/v1']);
    expect(baseUrls({ ANTHROPIC_BASE_URL: 'http://a', ANTHROPIC_API_BASE: 'http://b' })).toEqual([
      ...[openai, 'http://b/v1'],
    ]);
    expect(baseUrls({ ANTHROPIC_BASE_URL: 'http://localhost:3000' })).toEqual([openai, anthropic]);
  });

  for (const [what, text, env, expected] of [
    [
      'text that is no JSON, with line and column',
      '{\n  "server": {,}\n}',
      {},
      [
        {
          source: 'codex_plus.json',
          path: '',
          reason: expect.stringMatching(/^line 2, column 14: is not JSON/),
        },
      ],
    ],
    ['an array', '[]', {}, [{ source: 'codex_plus.json', path: '', reason: 'must be a JSON object' }]],
    [
      'an unknown key near a known one',
      '{"server":{"maxBodyByte":5000}}',
      {},
      [
        {
          source: 'codex_plus.json',
          path: 'server.maxBodyByte',
          reason: 'is not a setting; did you mean "maxBodyBytes"?',
        },
      ],
    ],
    [
      'an unknown section',
      '{"frobnicate":{}}',
      {},
      [{ source: 'codex_plus.json', path: 'frobnicate', reason: 'is not a setting; remove it' }],
    ],
    [
      'several faults at once',
      '{"server":{"port":"x","maxBodyBytes":1},"log":{"level":"loud"}}',
      {},
      [
        { source: 'codex_plus.json', path: 'server.port', reason: 'must be integer' },
        { source: 'codex_plus.json', path: 'server.maxBodyBytes', reason: 'must be >= 1024' },
        { source: 'codex_plus.json', path: 'log.level', reason: 'must be one of error, warn, info, debug' },
      ],
    ],
    [
      'a provider without its address',
      '{"providers":[{"name":"a","apiKeyEnv":"A","apis":["chat"]}]}',
      {},
      [{ source: 'codex_plus.json', path: 'providers[0]', reason: "must have required property 'baseUrl'" }],
    ],
    [
      'a variable that is no number',
      '{}',
      { CODEX_PLUS_PORT: 'three' },
      [{ source: 'environment', path: 'CODEX_PLUS_PORT', reason: '"three" is not a whole number' }],
    ],
    [
      'a variable with a value that is not allowed',
      '{}',
      { CODEX_PLUS_LITELLM_MODE: 'on' },
      [
        {
          source: 'environment',
          path: 'CODEX_PLUS_LITELLM_MODE',
          reason: 'must be one of managed, external, off',
        },
      ],
    ],
    [
      'a key that is too short, without telling it',
      '{}',
      { CODEX_PLUS_API_KEYS: 'short' },
      [
        {
          source: 'environment',
          path: 'CODEX_PLUS_API_KEYS',
          reason: 'must NOT have fewer than 16 characters',
        },
      ],
    ],
    [
      'keepalives that come later than the idle timeout',
      '{"server":{"keepaliveMs":2000},"timeouts":{"idleMs":1000}}',
      {},
      [
        {
          source: 'codex_plus.json',
          path: 'server.keepaliveMs',
          reason: 'must be shorter than timeouts.idleMs',
        },
      ],
    ],
    [
      'less for all than for one',
      '{"server":{"maxBodyBytesInFlight":5000},"limits":{"maxEventBytes":5000,"maxStreamBytes":4000}}',
      {},
      [
        {
          source: 'codex_plus.json',
          path: 'server.maxBodyBytesInFlight',
          reason: 'must not be less than server.maxBodyBytes: no body of that size could come in',
        },
        {
          source: 'codex_plus.json',
          path: 'limits.maxStreamBytes',
          reason: 'must not be less than limits.maxEventBytes: no event of that size could come in',
        },
      ],
    ],
    [
      'a body that no text could hold with what is added to it',
      '{"server":{"maxBodyBytes":629145600,"maxBodyBytesInFlight":629145600}}',
      {},
      [{ source: 'codex_plus.json', path: 'server.maxBodyBytes', reason: 'must be <= 268435456' }],
    ],
    [
      'a time that no timer can wait for',
      '{"breaker":{"coolDownMs":2147483648},"timeouts":{"connectMs":2147483648,"headersMs":2147483648,"idleMs":2147483648}}',
      {},
      ['breaker.coolDownMs', 'timeouts.connectMs', 'timeouts.headersMs', 'timeouts.idleMs'].map((path) => ({
        source: 'codex_plus.json',
        path,
        reason: 'must be <= 2147483647',
      })),
    ],
  ] as const) {
    test(`${what} is a fault with its place and reason [CFG-2]`, () => {
      expect(faults(text, env)).toEqual(expected);
    });
  }

  test('a file that is missing is a fault [CFG-2]', () => {
    expect(() =>
      loadConfig({ rootDir, env: { CODEX_PLUS_CONFIG: '/nowhere.json' }, isTerminal: false }),
    ).toThrow('/nowhere.json: is missing');
  });

  for (const [host, ok] of [
    ['127.0.0.1', true],
    ['127.1.2.3', true],
    ['::1', true],
    ['localhost', true],
    ['0.0.0.0', false],
    ['127.999.999.999', false],
    ['0177.0.0.1', false],
    ['2130706433', false],
    ['localhost.', false],
    ['::', false],
    ['192.168.1.5', false],
  ] as const) {
    test(`binding ${host} without a key ${ok ? 'is fine' : 'is refused'}; with one, or published on loopback only, it is fine [SEC-6]`, () => {
      const env = { CODEX_PLUS_HOST: host };
      expect(faults('{}', env).map(({ path }) => path)).toEqual(ok ? [] : ['CODEX_PLUS_HOST']);
      expect(faults('{}', { ...env, CODEX_PLUS_API_KEYS: 'key-0123456789abcdef' })).toEqual([]);
      expect(faults('{}', { ...env, CODEX_PLUS_PUBLISHED_ON_LOOPBACK: 'true' })).toEqual([]);
    });
  }

  test.each([
    ['a key that documents show', { CODEX_PLUS_API_KEYS: 'codex-local-secret' }, 'CODEX_PLUS_API_KEYS'],
    ['endpoints for tests', { CODEX_PLUS_CODEX_TEST_ENDPOINTS: 'true' }, 'CODEX_PLUS_CODEX_TEST_ENDPOINTS'],
  ])('%s is refused, but for development [API-3]', (_what, env, path) => {
    expect(faults('{}', env).map((fault) => fault.path)).toEqual([path]);
    expect(faults('{}', { ...env, CODEX_PLUS_CODEX_LISTED_AS: 'dev' })).toEqual([]);
  });

  test('pages from everywhere may call only where a key is asked [API-2]', () => {
    const env = { CODEX_PLUS_ALLOWED_ORIGINS: '*' };
    expect(faults('{}', env).map(({ path }) => path)).toEqual(['CODEX_PLUS_ALLOWED_ORIGINS']);
    expect(faults('{}', { ...env, CODEX_PLUS_API_KEYS: 'key-0123456789abcdef' })).toEqual([]);
  });
});
