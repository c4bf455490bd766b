import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { rootDir } from '../support/compose-middleware.ts';

// The official conformance suite of MCP against our client: its pool, its connections and its logins. None is expected to fail.

const suite = join(rootDir, 'node_modules', '@modelcontextprotocol', 'conformance', 'dist', 'index.js');
const minute = 60_000;

async function runSuite(...args: readonly string[]) {
  const child = spawn(process.execPath, [suite, ...args], {
    ...{ cwd: rootDir, stdio: ['ignore', 'pipe', 'pipe'] },
    env: { ...process.env, NO_COLOR: '1' },
  });
  const [[code], stdout, stderr] = await Promise.all([
    once(child, 'exit') as Promise<[number | null]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, output: `${stdout}\n${stderr}` };
}

const client = `${process.execPath} ${join('tests', 'support', 'mcp', 'conformance-client.ts')}`;

const passes = (version: string) => async (scenario: string) => {
  const { code, output } = await runSuite(
    ...['client', '--scenario', scenario, '--spec-version', version, '--force'],
    ...['--command', client, '--timeout', String(minute)],
  );
  // The output says which check failed.
  expect(code === 0 ? [] : output.split('\n')).toEqual([]);
};

const auth = [
  ...['metadata-default', 'metadata-var1', 'metadata-var2', 'metadata-var3', 'basic-cimd'],
  ...['scope-from-www-authenticate', 'scope-from-scopes-supported', 'scope-omitted-when-undefined'],
  ...['scope-step-up', 'scope-retry-limit', 'pre-registration'],
  ...['token-endpoint-auth-basic', 'token-endpoint-auth-post', 'token-endpoint-auth-none'],
].map((name) => `auth/${name}`);

const required = {
  '2025-11-25': ['initialize', 'tools_call', 'elicitation-sep1034-client-defaults', 'sse-retry', ...auth],
  '2026-07-28': [
    ...['tools_call', 'request-metadata', ...auth],
    ...['auth/resource-mismatch', 'auth/offline-access-scope', 'auth/offline-access-not-supported'],
    ...['auth/authorization-server-migration', 'auth/metadata-issuer-mismatch', 'auth/iss-supported'],
    ...['auth/iss-not-advertised', 'auth/iss-supported-missing', 'auth/iss-wrong-issuer'],
    ...['auth/iss-unexpected', 'auth/iss-normalized', 'sep-2322-client-request-state'],
    ...['http-standard-headers', 'http-custom-headers', 'http-invalid-tool-headers'],
    'json-schema-ref-no-deref',
  ],
} as const;

describe.each(Object.entries(required))('of the requirements of %s', (version, scenarios) => {
  test(
    'none is left out',
    async () => {
      const { output } = await runSuite('list', '--requirements', version);
      const [, listed = ''] = output.split('Client scenarios (test against a client):\n');
      const names = [...listed.matchAll(/^ {2}- (\S+)/gm)].map(([, name]) => name);
      expect([...scenarios].sort()).toEqual(names.sort());
    },
    minute,
  );

  test.each(scenarios)('%s is passed [MCP-1] [MCP-4]', passes(version), 2 * minute);
});

describe('of what is not required', () => {
  const others = [
    ...['auth/client-credentials-basic', 'auth/client-credentials-jwt'],
    'json-schema-2020-12-preservation',
  ];
  test.each(others)('%s is passed [MCP-4]', passes('2026-07-28'), 2 * minute);
});
