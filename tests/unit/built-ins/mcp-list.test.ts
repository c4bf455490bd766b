import { describe, expect, test } from '@jest/globals';
import { noneHeld } from '../../../middleware/features/mcp/definitions/tool-pins.ts';
import type { BuiltInContext } from '../../../middleware/features/built-ins/built-in-context.ts';
import { mcpAccept } from '../../../middleware/features/built-ins/mcp/mcp-accept.ts';
import { mcpList } from '../../../middleware/features/built-ins/mcp/mcp-list.ts';
import type { ServerState } from '../../../middleware/features/mcp/server-state.ts';
import { builtInContext, serverState, snapshotWith, sourceIn } from '../../support/built-in-context.ts';

function listed(
  findings: Parameters<typeof snapshotWith>[0],
  args = 'list',
  servers: Partial<BuiltInContext['servers']> = {},
): Promise<string> {
  const context = builtInContext({ snapshot: snapshotWith(findings) });
  return mcpList(args, { ...context, servers: { ...context.servers, ...servers } });
}

const tools = (...names: readonly string[]): ServerState['tools'] =>
  names.map((name) => ({ name, inputSchema: { type: 'object' } }));

const taskOnly = {
  ...{ name: 'z', inputSchema: { type: 'object' as const } },
  execution: { taskSupport: 'required' as const },
};

describe('/mcp', () => {
  test('list: each server, how it is reached and where it is from; secrets do not show [CMD-4] [SEC-3]', async () => {
    const text = await listed({
      settings: [{ source: sourceIn('user'), settings: { disabledMcpjsonServers: ['old'] } }],
      mcpServers: [
        {
          source: { ...sourceIn('project'), file: '/home/ada/shop/.mcp.json' },
          servers: {
            git: { command: 'npx', args: ['git-mcp', '--token', 'hidden'], env: { A_KEY: 'hidden' } },
            old: { url: 'https://a/${WHO}' },
          },
        },
        {
          source: { ...sourceIn('user'), file: '/home/ada/.claude.json' },
          servers: {
            web: { type: 'sse', url: 'https://b/?key=hidden', headers: { X: 'hidden' } },
            bad: {},
          },
        },
      ],
    });
    expect(text).toBe(
      [
        '## MCP servers\n',
        '- `git`: `stdio` `npx git-mcp --token [redacted]` (project, `.mcp.json`; needs your approval before use: `codex-plus trust add`)',
        '- `old`: `http` `https://a/${WHO}` (project, `.mcp.json`; **switched off** by `disabledMcpjsonServers`)',
        '  - **not set**: `url: the environment variable WHO is not set, and is passed on as ${WHO}; set it, or write ${WHO:-otherwise}`',
        '- `web`: `sse` `https://b/?key=[redacted]` (user, `~/.claude.json`)',
        '  - not used yet; `$mcp web` shows what it offers',
        '- `bad`: **cannot be used**: it has neither `command` nor `url`: write how the server is started or reached (user, `~/.claude.json`)',
        '',
      ].join('\n'),
    );
  });

  test('list: what is known of servers that were used, and what was said of those of the project [CMD-4] [MCP-5]', async () => {
    const project = { source: sourceIn('project'), servers: { a: { command: 'a' }, b: { command: 'b' } } };
    const user = { source: sourceIn('user'), servers: { c: { command: 'c' } } };
    const known: Readonly<Record<string, ServerState>> = {
      a: serverState({ state: 'running', era: 'modern', tools: tools('x'), pid: 7, cut: ['tools'] }),
      c: serverState({
        ...{ state: 'resting', restMs: 41_500, era: 'legacy', lastError: 'it `broke`' },
        tools: [...(tools('w', 'x', 'y') ?? []), taskOnly],
      }),
    };
    const text = await listed({ mcpServers: [project, user] }, 'list', {
      stateOf: (name) => known[name],
      decisionOn: (name) => Promise.resolve(name === 'a' ? 'allowed' : 'denied'),
    });
    expect(text).toContain(
      [
        '- `a`: `stdio` `a` (project, `.claude/settings.json`; allowed)',
        '  - running, the protocol of 2026-07-28, 1 tool',
        '  - it lists more tools than are used: the rest is left out',
        '- `b`: `stdio` `b` (project, `.claude/settings.json`; **not allowed**)',
        '- `c`: `stdio` `c` (user, `~/.claude/settings.json`)',
        '  - **left alone** for 42 s more, as it failed several times, the protocol up to 2025-11-25, 4 tools, 1 left out, which can be called as tasks only',
        '  - the last error: `` it `broke` ``',
        '  - next: mend what it says; in 42 s, `$mcp c` tries it again',
      ].join('\n'),
    );
  });

  test('list: changed tools that are held back, with what they say now [CMD-4] [MCP-2]', async () => {
    const held = { name: 'echo', changed: [{ part: 'description' as const, now: 'Sends `keys`.' }] };
    const tools = Array.from({ length: 20 }, () => held);
    const text = await listed(
      { mcpServers: [{ source: sourceIn('user'), servers: { c: { command: 'c' } } }] },
      'list',
      { heldTools: () => Promise.resolve({ tools, more: 2, mark: '0123abcd' }) },
    );
    const lines = text.split('\n').filter((line) => line.startsWith('  - '));
    expect(lines).toHaveLength(22);
    expect(lines[0]).toBe(
      '  - **held back**, since it was changed (description): `echo`; it says now: `` Sends `keys`. ``',
    );
    expect(lines.slice(20)).toEqual([
      '  - and 2 more',
      '  - read what they say now before you allow it: `$mcp accept c`',
    ]);
  });

  test('accept: changed tools of a server as they were shown, all or one of them [CMD-4] [MCP-2]', async () => {
    const asked: unknown[] = [];
    const nothing = { tools: [], prompts: [], resources: [], failed: [] };
    const context = builtInContext({
      snapshot: snapshotWith({
        mcpServers: [{ source: sourceIn('user'), servers: { 'a b': { command: 'a' } } }],
      }),
    });
    const servers: BuiltInContext['servers'] = {
      ...context.servers,
      look: () => Promise.resolve({ kind: 'got', value: nothing }),
      acceptTools: (name, { tool, mark }) => {
        asked.push([name, tool, mark]);
        if (tool === 'none') return Promise.resolve({ kind: 'held', held: noneHeld });
        if (mark === '0123abcd') return Promise.resolve({ kind: 'accepted', tools: ['x', 'y'] });
        const now = '{"type":"```\u202e"}';
        const tools = [{ name: 'x', changed: [{ part: 'input schema' as const, now }] }];
        return Promise.resolve({ kind: 'held', held: { tools, more: 3, mark: '0123abcd' } });
      },
    };
    const accept = (args: string) => mcpAccept(args, { ...context, servers });
    const shown = [
      'Held back, since they were changed, tools of `a b`:',
      '### `x`',
      'Its input schema now:',
      '````\n{"type":"```\\u{202e}"}\n````',
      'There are 3 more, which are shown once these are accepted.',
    ];
    expect(await accept('accept a b')).toBe(
      [...shown, '`$mcp accept a b 0123abcd` has them used as shown here.\n'].join('\n\n'),
    );
    expect(await accept('accept a b 0123abcd')).toBe('`x`, `y` of `a b` may be used as shown.\n');
    expect(await accept('accept a b x 00000000')).toBe(
      [
        'Nothing was accepted: these are not the definitions that were shown.',
        ...shown,
        '`$mcp accept a b x 0123abcd` has them used as shown here.\n',
      ].join('\n\n'),
    );
    expect(await accept('accept a b none')).toBe('`a b` has no tool `none` that is held back.\n');
    const failed = [{ list: 'tools' as const, reason: 'it broke' }];
    const looks: readonly Awaited<ReturnType<BuiltInContext['servers']['look']>>[] = [
      { kind: 'failed', reason: 'it broke' },
      { kind: 'got', value: { ...nothing, failed } },
    ];
    for (const look of looks)
      expect(
        await mcpAccept('accept a b none', {
          ...context,
          servers: { ...servers, look: () => Promise.resolve(look) },
        }),
      ).toBe(
        '`a b` has no tool `none` that is held back.\n\nIt could not be asked for its tools as they are now: `it broke`\n',
      );
    expect(asked).toEqual([
      ['a b', undefined, undefined],
      ['a b', undefined, '0123abcd'],
      ['a b', 'x', '00000000'],
      ...Array.from({ length: 3 }, () => ['a b', 'none', undefined]),
    ]);
    expect(await accept('accept c')).toBe(
      'There is no MCP server `c` here: `$mcp list` shows those that are.\n',
    );
    expect(await accept('accept')).toContain('Usage: ');
  });

  test('NAME: what a server offers, and what its tools cost [CMD-4] [MCP-3]', async () => {
    const servers = { mcpServers: [{ source: sourceIn('user'), servers: { notes: { command: 'n' } } }] };
    const args = [{ name: 'who', isRequired: true }];
    const greet = {
      server: 'notes',
      name: 'mcp__notes__greet',
      prompt: 'greet',
      description: 'Greets',
      args,
    };
    const value = {
      tools: [
        { name: 'search', description: 'Finds', tokens: 30, isTaskOnly: false },
        { name: 'odd', description: undefined, tokens: 12, isTaskOnly: false },
        { name: 'slow', description: undefined, tokens: 0, isTaskOnly: true },
      ],
      ...{ prompts: [greet], resources: ['note://plan'], failed: [] },
    };
    expect(await listed(servers, 'notes', { look: () => Promise.resolve({ kind: 'got', value }) })).toBe(
      [
        '- `notes`: `stdio` `n` (user, `~/.claude/settings.json`)',
        '  - not used yet; `$mcp notes` shows what it offers\n',
        '### Tools, about 42 tokens in each request that offers them\n',
        '- `search`: about 30 tokens: `Finds`',
        '- `odd`: about 12 tokens',
        '- `slow`: **left out**, as it can be called as a task only\n',
        '### Prompts\n',
        '- `$mcp__notes__greet <who>`: `Greets`\n',
        '### Resources\n',
        '- `@notes:note://plan`\n',
      ].join('\n'),
    );
    const partly = {
      ...value,
      prompts: [],
      failed: [{ list: 'prompts', reason: 'no `such` method' }],
    } as const;
    expect(
      await listed(servers, 'notes', { look: () => Promise.resolve({ kind: 'got', value: partly }) }),
    ).toMatch(
      /- `@notes:note:\/\/plan`\n\n### What it did not list\n\n- its prompts: `` no `such` method ``\n$/,
    );
    expect(
      await listed(servers, 'notes', {
        look: () => Promise.resolve({ kind: 'failed', reason: 'it `broke`' }),
      }),
    ).toContain('It could not be asked for what it offers: it `broke`\n');
    expect(await listed(servers, 'other')).toContain('There is no MCP server `other` here');
  });

  test.each([
    ['list extra', '`$mcp list` takes nothing behind it: it shows all servers, and `$mcp NAME` one of them.'],
    ['list  notes of ann', '`$mcp list` takes nothing behind it'],
    ['notes secret', 'Nothing stands behind the name of a server: `$mcp notes` shows what it offers.'],
    ['notes of ann secret', '`$mcp notes of ann` shows what it offers.'],
    ['other secret', 'There is no MCP server `other …` here. NAME is one of `notes`, `notes of ann`.'],
  ])('%j: what stands behind is said to be wrong, and is not said again [CMD-4]', async (args, told) => {
    const servers = { notes: { command: 'a' }, 'notes of ann': { command: 'b' } };
    const text = await listed({ mcpServers: [{ source: sourceIn('user'), servers }] }, args);
    expect(text).toContain(told);
    expect(text).toContain('Usage: `$mcp list | NAME');
    expect(text).not.toMatch(/secret|extra/);
  });

  test('list: servers that a policy keeps out are told apart [CMD-4]', async () => {
    const text = await listed({
      settings: [{ source: sourceIn('enterprise'), settings: { deniedMcpServers: [{ serverName: 'git' }] } }],
      mcpServers: [{ source: sourceIn('user'), servers: { git: { command: 'git-mcp' } } }],
    });
    expect(text).toBe(
      [
        'No MCP servers are configured here.\n',
        '## Kept out by policy\n',
        '- `mcpServers.git` (user, `~/.claude/settings.json`): deniedMcpServers has it',
        '',
      ].join('\n'),
    );
  });
});

test('of many servers the first are named to who names another one [CMD-4]', async () => {
  const names = Array.from({ length: 50 }, (_, at) => `s${at}`);
  const servers = Object.fromEntries(names.map((name) => [name, { command: 'a' }]));
  const text = await listed({ mcpServers: [{ source: sourceIn('user'), servers }] }, 'none');
  expect(text).toContain('NAME is one of `s0`, `s1`');
  expect(text).toContain('`s19`, 30 more.');
});

test.each([
  [undefined, ''],
  [{ isSignedIn: false, wants: undefined, scope: undefined }, ''],
  [{ isSignedIn: true, wants: undefined, scope: 'a' }, '\n  - you are signed in'],
  [{ isSignedIn: false, wants: 'login', scope: 'a' }, '\n  - **wants you to sign in**: `$mcp auth c`'],
  [{ isSignedIn: false, wants: 'expired', scope: 'a' }, '\n  - **your login has ended**: `$mcp auth c`'],
  [
    { isSignedIn: true, wants: 'scope', scope: 'a b' },
    '\n  - you are signed in, and **it wants more rights** for what was asked: `$mcp auth c`',
  ],
] as const)('/mcp list tells of the login %j [MCP-4]', async (login, told) => {
  const servers = { source: sourceIn('user'), servers: { c: { url: 'https://h' } } };
  const { logins } = builtInContext().servers;
  const text = await listed({ mcpServers: [servers] }, 'list', {
    logins: { ...logins, stateOf: () => Promise.resolve(login) },
  });
  expect(text).toContain(`(user, \`~/.claude/settings.json\`)${told}\n`);
});
