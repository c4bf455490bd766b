import { describe, expect, test } from '@jest/globals';
import type { Scope } from '../../../middleware/kernel/config-source.ts';
import { mcpFiles } from '../../../middleware/platform/config/scopes/folders/mcp-files.ts';
import { mcpRefusal } from '../../../middleware/platform/config/scopes/mcp-policy.ts';
import {
  mergeMcpServers,
  type McpLayer,
} from '../../../middleware/platform/config/scopes/merge-mcp-servers.ts';
import { mergeSettings } from '../../../middleware/platform/config/scopes/merge-settings.ts';
import {
  readClaudeJson,
  readMcpServers,
} from '../../../middleware/platform/config/scopes/read-mcp-servers.ts';

function source(scope: Scope): McpLayer['source'] {
  return { scope, family: 'claude', file: `/${scope}`, baseDir: '/' };
}

function settings(
  ...layers: readonly (readonly [Scope, Record<string, unknown>])[]
): ReturnType<typeof mergeSettings> {
  return mergeSettings(
    layers.map(([scope, content]) => ({ source: source(scope), settings: content })),
    {},
  );
}

describe('mcpFiles', () => {
  test('.mcp.json is looked for in the workspace and in every folder above it, the nearest first [MCP-1]', () => {
    const files = mcpFiles('/work/app', '/home/me', {}, [{ folder: '/etc/x', family: 'claude' }]);
    expect(files.project.map(({ file }) => file)).toEqual([
      '/work/app/.mcp.json',
      '/work/.mcp.json',
      '/.mcp.json',
    ]);
    expect([files.user.file, files.claudeJson.file, files.enterprise[0]?.file]).toEqual([
      '/home/me/.codexplus/mcp.json',
      '/home/me/.claude.json',
      '/etc/x/managed-mcp.json',
    ]);
  });
});

describe('mergeMcpServers', () => {
  test('by name the strongest entry wins whole, other names add up, as in Claude Code 2.1.329 [MCP-1]', () => {
    const { servers } = mergeMcpServers(
      [
        { source: source('local'), servers: { one: { command: 'local' } } },
        {
          source: source('project'),
          servers: { one: { command: 'project', args: ['x'] }, two: { url: 'u' } },
        },
        { source: source('user'), servers: { one: { command: 'user' }, three: { type: 'zzz' } } },
      ],
      settings(),
      {},
    );
    expect(
      [...servers].map(
        ([
          name,
          {
            value,
            source: { scope },
          },
        ]) => [name, scope, value],
      ),
    ).toEqual([
      ['one', 'local', { command: 'local' }],
      ['two', 'project', { url: 'u' }],
      ['three', 'user', { type: 'zzz' }],
    ]);
    expect(servers.get('one')?.overridden.map(({ source: { scope } }) => scope)).toEqual(['project', 'user']);
  });

  test('variables are replaced in command, args, env, url and headers, from settings over the process, as in Claude Code 2.1.329 [MCP-1]', () => {
    const written = {
      command: '${BIN}',
      args: ['${BIN}', '${NOPE}'],
      env: { A: '${SET:-no}' },
      url: 'http://${BIN}/',
      headers: { X: '${BIN}' },
      auth: '${BIN}',
      note: '${BIN}',
    };
    const { servers } = mergeMcpServers(
      [{ source: source('project'), servers: { one: written } }],
      settings(['user', { env: { SET: 'yes', BIN: 'from-settings' } }]),
      { BIN: 'from-process' },
    );
    expect(servers.get('one')).toMatchObject({
      value: {
        command: 'from-settings',
        args: ['from-settings', '${NOPE}'],
        env: { A: 'yes' },
        url: 'http://from-settings/',
        headers: { X: 'from-settings' },
        auth: 'from-settings',
        note: '${BIN}',
      },
      written,
    });
  });

  test('variables that a file in the project sets reach the servers of the project only [SEC-3]', () => {
    const entry = { url: '${HOST:-https://mine.example}', headers: { Authorization: 'Bearer ${TOKEN}' } };
    const { servers } = mergeMcpServers(
      [
        { source: source('project'), servers: { theirs: entry } },
        { source: source('user'), servers: { mine: entry } },
      ],
      settings(
        ['local', { env: { HOST: 'https://b.example' } }],
        ['project', { env: { HOST: 'https://a.example', TOKEN: 'x' } }],
        ['user', { env: { TOKEN: 'y' } }],
      ),
      {},
    );
    expect(servers.get('theirs')?.value['url']).toBe('https://b.example');
    expect(servers.get('mine')?.value).toEqual({
      url: 'https://mine.example',
      headers: { Authorization: 'Bearer y' },
    });
  });

  test('servers that the lists keep out are told with the reason [MCP-1]', () => {
    const { servers, refused } = mergeMcpServers(
      [{ source: source('user'), servers: { good: { command: 'x' }, bad: { command: 'y' } } }],
      settings(['enterprise', { deniedMcpServers: [{ serverName: 'bad' }] }]),
      {},
    );
    expect([...servers.keys()]).toEqual(['good']);
    expect(refused).toEqual([
      { key: 'mcpServers.bad', source: source('user'), reason: 'deniedMcpServers has it' },
    ]);
  });
});

describe('mcpRefusal', () => {
  const started = { command: 'npx', args: ['-y', 'server'] };
  const called = { type: 'http', url: 'https://mcp.example.com/v1?x=1' };
  const byName = { serverName: 'one' };
  const byCommand = { serverCommand: ['npx', '-y', 'server'] };
  const byUrl = { serverUrl: 'https://*.example.com/*' };

  function refused(
    entry: object,
    allowed: readonly object[] | undefined,
    denied: readonly object[] = [],
  ): boolean {
    return (
      mcpRefusal('one', entry as never, { allowed: allowed as never, denied: denied as never }) !== undefined
    );
  }

  for (const [what, isRefused] of [
    ['no list refuses nothing', refused(started, undefined)],
    ['a name that is allowed', refused(started, [byName])],
    ['a command that is allowed', refused(started, [byCommand])],
    ['a URL that is allowed', refused(called, [byUrl])],
    ['a name is enough for a URL where the list has commands only', refused(called, [byName, byCommand])],
  ] as const) {
    test(`may be used: ${what} [MCP-1]`, () => {
      expect(isRefused).toBe(false);
    });
  }

  for (const [what, isRefused] of [
    ['an empty list', refused(started, [])],
    ['a denied name', refused(started, undefined, [byName])],
    ['a denied command, allowed or not', refused(started, [byName], [byCommand])],
    ['a denied command, as one line', refused({ command: 'npx -y "server"' }, undefined, [byCommand])],
    ['a denied command with blanks', refused({ ...started, command: ' npx' }, undefined, [byCommand])],
    ['a denied URL', refused(called, undefined, [byUrl])],
    ['a command with one argument more', refused({ ...started, args: ['-y', 'server', '-x'] }, [byCommand])],
    ['an allowed name where the list has commands', refused({ command: 'evil' }, [byName, byCommand])],
    ['an allowed name where the list has URLs', refused({ url: 'https://evil.com/' }, [byName, byUrl])],
    ['an allowed URL with another command', refused({ ...called, command: 'evil' }, [byUrl, byCommand])],
    ['a variable that is not set in the URL', refused({ url: 'https://${HOST}/' }, [byUrl])],
  ] as const) {
    test(`may not be used: ${what} [MCP-1]`, () => {
      expect(isRefused).toBe(true);
    });
  }

  for (const [pattern, url, isMatch] of [
    ['https://mcp.example.com/*', 'https://mcp.example.com/a/b', true],
    ['https://mcp.example.com', 'https://mcp.example.com/a', true],
    ['https://MCP.example.com.', 'https://mcp.Example.com/', true],
    ['https://mcp.example.com:443', 'https://mcp.example.com/', true],
    ['https://mcp.example.com:443', 'https://mcp.example.com:8443/', false],
    ['http://localhost:*/*', 'http://localhost:8080/x', true],
    ['*://mcp.example.com/*', 'http://mcp.example.com/', true],
    ['http://[::1]:*/*', 'http://[::1]:3000/', true],
    ['https://mcp.example.com/a', 'https://mcp.example.com/b', false],
    ['https://mcp.example.com/A', 'https://mcp.example.com/a', false],
    ['https://mcp.example.com', 'https://mcp.example.com:8443/', false],
    ['https://*.example.com/*', 'https://evil.com/.example.com/', false],
    ['https://*.example.com/*', 'https://x.example.com@evil.com/', false],
    ['https://*.example.com/*', 'https://evil.com#.example.com/', false],
    ['no url', 'https://mcp.example.com/', false],
  ] as const) {
    test(`${pattern} ${isMatch ? 'has' : 'does not have'} ${url} [MCP-1]`, () => {
      expect(refused({ url }, [{ serverUrl: pattern }])).toBe(!isMatch);
    });
  }

  test('a pattern of stars is matched without trying every way', () => {
    const pattern = `https://a/${'*a'.repeat(500)}*b`;
    expect(refused({ url: `https://a/${'a'.repeat(100_000)}` }, [{ serverUrl: pattern }])).toBe(true);
  });
});

describe('the files of servers', () => {
  test('of an .mcp.json an entry that is no object is left out, the rest counts [MCP-1]', () => {
    expect(readMcpServers(Buffer.from('{"mcpServers":{"a":{"command":"x"},"b":3}}'))).toEqual({
      kind: 'good',
      value: { a: { command: 'x' } },
      faults: [
        {
          line: 1,
          column: 40,
          path: 'mcpServers.b',
          reason: 'must be an object; it is left out',
          leftOut: 'entry',
        },
      ],
    });
    expect(readMcpServers(Buffer.from('{"mcpServers":[]}'))).toMatchObject({ kind: 'broken' });
  });

  test('of a .claude.json only the servers are taken, also where the rest is odd [MCP-1]', () => {
    const json = {
      numStartups: 3,
      mcpServers: { a: { command: 'x' }, odd: 1 },
      projects: {
        '/work': { allowedTools: ['Bash(make *)'], mcpServers: { b: { url: 'u' } } },
        '/none': { history: [{ display: '{"mcpServers":{}}' }] },
        '/odd': null,
        '/bad': { mcpServers: [] },
      },
    };
    const parsed = readClaudeJson(Buffer.from(JSON.stringify(json)));
    expect(parsed).toMatchObject({ kind: 'good', value: { user: { a: { command: 'x' } } } });
    expect(parsed.kind === 'good' && Object.fromEntries(parsed.value.projects)).toEqual({
      '/work': { b: { url: 'u' } },
      '/none': {},
      '/bad': {},
    });
    expect(parsed.kind === 'good' && parsed.faults.map(({ path }) => path)).toEqual([
      'mcpServers.odd',
      'projects["/bad"].mcpServers',
    ]);
    expect(readClaudeJson(Buffer.from('{"mcpServers":{"a":'))).toMatchObject({
      kind: 'broken',
      fault: { reason: 'is not JSON' },
    });
  });
});
