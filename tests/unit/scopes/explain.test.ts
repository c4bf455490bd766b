import { describe, expect, test } from '@jest/globals';
import type { Scope } from '../../../middleware/kernel/config-source.ts';
import { explainSnapshot, type ConfigRow } from '../../../middleware/platform/config/scopes/explain.ts';
import { makeSnapshot } from '../../../middleware/platform/config/scopes/project-snapshot.ts';

type Layers = readonly (readonly [Scope, Readonly<Record<string, unknown>>])[];

const source = (scope: Scope): ConfigRow['source'] => ({
  scope,
  family: 'codexplus',
  file: `/${scope}.json`,
  baseDir: '/',
});

function explain(
  settings: Layers,
  servers: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {},
  env: Readonly<Record<string, string>> = {},
): readonly ConfigRow[] {
  const findings = {
    workspace: '/work',
    home: '/home/me',
    settings: settings.map(([scope, content]) => ({ source: source(scope), settings: content })),
    mcpServers: [{ source: source('user'), servers }],
    commandFolders: [],
    problems: [],
  };
  return explainSnapshot(makeSnapshot(findings, 'v', env));
}

describe('explainSnapshot', () => {
  test('each value has its file and what it was preferred to; the rows are in the order of their keys [CFG-3]', () => {
    expect(
      explain(
        [
          ['local', { model: 'a', permissions: { deny: ['Edit'], additionalDirectories: ['/x'] } }],
          ['project', { env: { PORT: '1' }, permissions: { deny: ['Bash'] }, hooks: { Stop: [] } }],
          ['user', { model: 'b', env: { PORT: '2' } }],
        ],
        { git: { command: 'git-mcp' } },
      ),
    ).toEqual([
      {
        key: 'env.PORT',
        value: '1',
        source: source('project'),
        overridden: [{ value: '2', source: source('user') }],
      },
      { key: 'hooks[0]', value: { Stop: [] }, source: source('project'), overridden: [] },
      { key: 'mcpServers.git', value: { command: 'git-mcp' }, source: source('user'), overridden: [] },
      {
        key: 'model',
        value: 'a',
        source: source('local'),
        overridden: [{ value: 'b', source: source('user') }],
      },
      { key: 'permissions.additionalDirectories[0]', value: '/x', source: source('local'), overridden: [] },
      { key: 'permissions.deny[0]', value: 'Edit', source: source('local'), overridden: [] },
      { key: 'permissions.deny[1]', value: 'Bash', source: source('project'), overridden: [] },
    ]);
  });

  test('variables and settings that name a secret are masked, those that do not are shown [SEC-3]', () => {
    const env = {
      AWS_SECRET_ACCESS_KEY: 'x',
      DB_PASS: 'x',
      GITHUB_TOKEN: 'x',
      PGPASSWORD: 'x',
      REFERENCE_TOKEN: '${OTHER}',
      TOKEN_WITH_DEFAULT: '${OTHER:-x}',
      KEYBOARD: 'shown',
      MAX_MCP_OUTPUT_TOKENS: '25000',
      URL: 'postgres://me:pw@host/db',
    };
    const rows = explain([['user', { env, apiKey: 'x', deep: { clientSecret: ['x'] } }]]);
    expect(Object.fromEntries(rows.map(({ key, value }) => [key, value]))).toEqual({
      apiKey: '[redacted]',
      'deep.clientSecret[0]': '[redacted]',
      'env.AWS_SECRET_ACCESS_KEY': '[redacted]',
      'env.DB_PASS': '[redacted]',
      'env.GITHUB_TOKEN': '[redacted]',
      'env.KEYBOARD': 'shown',
      'env.MAX_MCP_OUTPUT_TOKENS': '25000',
      'env.PGPASSWORD': '[redacted]',
      'env.REFERENCE_TOKEN': '${OTHER}',
      'env.TOKEN_WITH_DEFAULT': '[redacted]',
      'env.URL': 'postgres:[redacted:password]host/db',
    });
  });

  test('what variables hold never shows: values are told as they are written [SEC-3]', () => {
    const rows = explain(
      [
        ['local', { model: '${WHO}', permissions: { allow: ['Bash(${WHO})'] } }],
        ['user', { model: '${WHO}' }],
      ],
      { one: { url: 'https://x/${WHO}', headers: { Authorization: 'Bearer ${WHO}' } } },
      { WHO: 'hidden' },
    );
    expect(JSON.stringify(rows)).not.toContain('hidden');
    expect(rows.map(({ value }) => value)).toContainEqual({
      url: 'https://x/${WHO}',
      headers: { Authorization: 'Bearer ${WHO}' },
    });
  });

  test('of a server headers, secret flags, secret parts of its URL and secret variables are masked [SEC-3]', () => {
    const rows = explain([], {
      one: {
        command: 'x',
        args: ['--api-key', 'hidden', '--token=hidden', '--port', '80', `sk-${'a1'.repeat(12)}`],
        env: { API_KEY: 'hidden', MODE: 'fast' },
        url: 'https://x/?mode=a&api_key=hidden#end',
        headers: { 'X-Any': 'hidden' },
      },
    });
    expect(rows[0]?.value).toEqual({
      command: 'x',
      args: ['--api-key', '[redacted]', '--token=[redacted]', '--port', '80', '[redacted:api-key]'],
      env: { API_KEY: '[redacted]', MODE: 'fast' },
      url: 'https://x/?mode=a&api_key=[redacted]#end',
      headers: { 'X-Any': '[redacted]' },
    });
  });

  test('of a command in one line secret flags are masked as well [SEC-3]', () => {
    const rows = explain([], {
      one: { command: `x --token hid -p 80 --db-password='hid den' --key \${WHO}` },
      two: {
        command: `x --verbose --token hid --yes --api-key="hid den" --dry-run  --key 'hid den' --pat=\${WHO}`,
      },
    });
    expect(rows.map(({ value }) => value)).toEqual([
      { command: 'x --token [redacted] -p 80 --db-password=[redacted] --key ${WHO}' },
      {
        command:
          'x --verbose --token [redacted] --yes --api-key=[redacted] --dry-run  --key [redacted] --pat=${WHO}',
      },
    ]);
  });
});
