import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { ConfigError, type ConfigFault } from '../../../middleware/platform/config/config-error.ts';
import { minKeyLength } from '../../../middleware/platform/config/key-faults.ts';
import { loadConfig } from '../../../middleware/platform/config/load-config.ts';
import { rootDir } from '../../support/compose-middleware.ts';

function faults(settings: JsonObject, env: Readonly<Record<string, string>> = {}): readonly ConfigFault[] {
  try {
    loadConfig({ rootDir, env, isTerminal: false, settings });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.faults;
  }
  return [];
}

describe('keys of callers', () => {
  const [first, second] = ['0123456789abcdef', 'fedcba9876543210'];
  for (const [what, apiKeys, path, reason] of [
    [
      'two keys of one name',
      [
        { name: 'ann', key: first },
        { name: 'ann', key: second },
      ],
      'server.apiKeys[1]',
      /the name of key 1 of the list; give each/,
    ],
    [
      'one key under two names',
      [first, { name: 'bob', key: first }],
      'server.apiKeys[1]',
      /the same as key 1 of the list; take one/,
    ],
    [
      'a name that another key has by its place',
      [{ name: 'key-2', key: first }, second],
      'server.apiKeys[1]',
      /the name of key 1 of the list/,
    ],
    [
      'a name that is a key',
      [{ name: second, key: first }, second],
      'server.apiKeys[0].name',
      /would stand in the access log; give it another/,
    ],
    ['a key with a space', [`${first} x`], 'server.apiKeys[0]', /bearer token; use letters/],
    ['a key with a line break', [`${first}\n`], 'server.apiKeys[0]', /bearer token/],
    ['a key that no header carries', [`${first}ü`], 'server.apiKeys[0]', /bearer token/],
  ] as const) {
    test(`${what} is a fault that does not tell the key`, () => {
      const found = faults({ server: { apiKeys } });
      expect(found).toMatchObject([{ source: 'the options of codexPlus()', path: `settings.${path}` }]);
      expect(found[0]?.reason).toMatch(reason);
      for (const key of [first, second]) expect(JSON.stringify(found)).not.toContain(key);
    });
  }

  test('a key that the variable names twice is a fault of the environment', () => {
    expect(faults({}, { CODEX_PLUS_API_KEYS: `${first},${first}` })).toEqual([
      {
        source: 'environment',
        path: 'CODEX_PLUS_API_KEYS',
        reason: 'key 2 of the list is the same as key 1 of the list; take one of the two out',
      },
    ]);
  });
});

test('the schema asks as long a key as forward-auth does, in both of its forms', () => {
  const short = 'k'.repeat(minKeyLength - 1);
  for (const key of [short, { name: 'ann', key: short }]) {
    expect(faults({ server: { apiKeys: [key] } })).toHaveLength(1);
    const long = typeof key === 'string' ? `${key}k` : { ...key, key: `${key.key}k` };
    expect(faults({ server: { apiKeys: [long] } })).toEqual([]);
  }
});
