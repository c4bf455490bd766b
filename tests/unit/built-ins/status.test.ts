import { describe, expect, test } from '@jest/globals';
import type { BuiltInContext } from '../../../middleware/features/built-ins/built-in-context.ts';
import { status } from '../../../middleware/features/built-ins/status.ts';
import type { ServerState } from '../../../middleware/features/mcp/server-state.ts';
import { builtInContext, serverState, snapshotWith, sourceIn } from '../../support/built-in-context.ts';
import { exchangeWith } from '../../support/made-up-exchange.ts';
import { madeUpJwt } from '../../support/made-up-jwt.ts';

const health = {
  uptimeSeconds: 4_000,
  litellm: {
    state: 'ready',
    url: 'http://127.0.0.1:4000',
    models: ['gpt-4', 'gpt-5'],
    breaker: 'closed',
    warnings: ['ANTHROPIC_API_KEY is not set'],
  },
  chatgpt: { enabled: true, transport: 'undici' },
  providers: [
    { name: 'openai', hasKey: true },
    { name: 'anthropic', hasKey: false },
  ],
  clients: [
    { kind: 'codex', version: '0.170.0', tested: false },
    { kind: 'claude', version: '2.1.0' },
  ],
};

function statusOf(parts: Partial<BuiltInContext>, told: object = health): Promise<string> {
  return status('', builtInContext({ health: () => ({ ...told }), ...parts }));
}

function routeIn(text: string): string | undefined {
  return /^- Route: (.*)$/m.exec(text)?.[1];
}

describe('/status', () => {
  test('tells how the tiers are, what this request is, and who came by [CMD-4] [PX-7]', async () => {
    const problem = {
      file: '/home/ada/shop/.claude/settings.json',
      scope: 'project',
      line: 3,
      column: 7,
      path: '',
      reason: 'is not JSON',
      leftOut: 'file',
    } as const;
    expect(await statusOf({ snapshot: snapshotWith({ problems: [problem] }) })).toBe(
      [
        '## Codex-Plus 0.1.0\n',
        '- Up for: 66 min',
        '- LiteLLM: ready at `http://127.0.0.1:4000` with its circuit breaker closed',
        '- Models: `gpt-4`, `gpt-5`',
        '- ChatGPT login: on, transport undici',
        '- While LiteLLM is down: openai, anthropic (no key)',
        '- **Warning:** ANTHROPIC_API_KEY is not set\n',
        '## This request\n',
        '- Model: `gpt-5`',
        '- API: Responses, streamed',
        '- Route: LiteLLM',
        '- Client: codex 0.169.0',
        '- Session: `session-1`',
        '- Folder: one of this machine',
        '- Configuration: 1 problem, see `$plus status`\n',
        '## Clients seen since the start\n',
        '- codex 0.170.0 (not tested with this release)',
        '- claude 2.1.0\n',
      ].join('\n'),
    );
  });

  test('where nothing is known, it says so and does not fail [CMD-4]', async () => {
    const exchange = exchangeWith({ api: 'chat', body: {}, client: { kind: 'other', version: undefined } });
    expect(await statusOf({ exchange, snapshot: undefined }, { litellm: 'gone', clients: [1] })).toBe(
      [
        '## Codex-Plus 0.1.0\n',
        '- LiteLLM: unknown with its circuit breaker unknown',
        '- Models: none',
        '- ChatGPT login: off',
        '- While LiteLLM is down: no provider is called directly\n',
        '## This request\n',
        '- Model: none named',
        '- API: Chat Completions',
        '- Route: the provider itself, for as long as LiteLLM takes no calls',
        '- Client: not known by name',
        '- Session: `session-1`',
        '- Folder: none\n',
      ].join('\n'),
    );
  });

  test('the reason why LiteLLM is not ready is told [CMD-4]', async () => {
    const litellm = { state: 'unavailable', reason: 'there is no Python', breaker: 'closed', models: [] };
    expect(await statusOf({}, { ...health, litellm })).toContain(
      '- LiteLLM: unavailable (there is no Python) with its circuit breaker closed\n',
    );
  });

  test('of many models the first thirty are named [CMD-4]', async () => {
    const models = Array.from({ length: 32 }, (_, index) => `m${index}`);
    const text = await statusOf({}, { ...health, litellm: { ...health.litellm, models } });
    expect(text).toContain('`m29` and 2 more\n');
  });

  test.each([
    ['0.170.0', 'Codex 0.170.0 was not tested with this release; if a turn fails, compare without the proxy'],
    ['0.20.1', 'Codex 0.20.1 is older than 0.29, the oldest that is supported; upgrade it'],
  ])('the user of Codex %s is warned, also at the first request [PX-7]', async (version, warning) => {
    const exchange = exchangeWith({ client: { kind: 'codex', version } });
    expect(await statusOf({ exchange }, { ...health, clients: [] })).toContain(
      `\n**Warning:** ${warning}.\n`,
    );
  });

  test.each([
    ['codex', '0.169.0'],
    ['claude', '9.9.9'],
    ['codex', undefined],
  ] as const)('the user of %s %s is not [PX-7]', async (kind, version) => {
    const quiet = { ...health, litellm: { ...health.litellm, warnings: [] } };
    const exchange = exchangeWith({ client: { kind, version } });
    expect(await statusOf({ exchange }, quiet)).not.toContain('Warning');
  });

  test('the route is the one that the router would choose by the credential [RT-2] [CMD-4]', async () => {
    const routeWith = async (authorization: string | undefined, told: object = health): Promise<string> => {
      const headers = authorization === undefined ? [] : ['authorization', authorization];
      return routeIn(await statusOf({ exchange: exchangeWith({ headers }) }, told)) ?? '';
    };
    const login = `Bearer ${madeUpJwt()}`;
    expect(await routeWith(login)).toBe('ChatGPT backend');
    expect(await routeWith(login, { ...health, chatgpt: { enabled: false } })).toBe(
      'none: this is a ChatGPT login, and the ChatGPT route is switched off',
    );
    expect(await routeWith('Bearer eyJ.x.y')).toMatch(/^none: .*cannot be read/);
    expect(await routeWith('Bearer sk-made-up')).toBe('LiteLLM');
    const open = { ...health, litellm: { ...health.litellm, breaker: 'open' } };
    expect(await routeWith(undefined, open)).toBe(
      'the provider itself, for as long as LiteLLM takes no calls',
    );
  });

  test('Codex as a model is a route of its own, and has names [CMD-4] [API-2]', async () => {
    const exchange = exchangeWith({ body: { model: 'codex-5-high' } });
    const off = { ...health, litellm: { state: 'off', breaker: 'closed', models: [] } };
    const told = await statusOf(
      { exchange },
      { ...off, codex: { workers: [], models: ['codev-5', 'codev-5-low'] } },
    );
    expect(routeIn(told)).toBe('Codex itself');
    expect(told).toContain('- Models: `codev-5`, `codev-5-low`');
    expect(routeIn(await statusOf({ exchange }, health))).toBe('LiteLLM');
  });

  test.each(['key', 'guest', 'local'] as const)(
    'no path of this machine is told to a caller who did not name it: %s [CMD-4] [SEC-6]',
    async (kind) => {
      const caller = { kind };
      const told = await statusOf({ exchange: { ...exchangeWith(), caller } });
      expect(told).toContain('- Folder: one of this machine\n');
      const named = { ...exchangeWith({ body: { input: 'cwd: /home/ada/shop' } }), caller };
      expect(await statusOf({ exchange: named })).toContain('- Folder: `/home/ada/shop`\n');
      const headed = { ...exchangeWith({ headers: ['x-codex-plus-workspace', '/home/ada/shop'] }), caller };
      expect(await statusOf({ exchange: headed })).toContain('- Folder: `/home/ada/shop`\n');
    },
  );

  test('of the MCP servers: how those are that were used, and which were not [CMD-4] [MCP-5]', async () => {
    const command = { command: 'x' };
    const { servers, ...context } = builtInContext();
    const known: Readonly<Record<string, ServerState>> = {
      a: serverState({
        state: 'running',
        era: 'modern',
        tools: [{ name: 't', inputSchema: { type: 'object' } }],
      }),
      b: serverState({ state: 'resting', restMs: 41_500, era: 'legacy', lastError: 'it broke' }),
      c: serverState({ lastError: 'a login is wanted', wantsLogin: true }),
    };
    const text = await statusOf({
      ...context,
      snapshot: snapshotWith({
        mcpServers: [
          {
            source: sourceIn('user'),
            servers: { a: command, b: command, c: command, d: command, e: command },
          },
        ],
      }),
      servers: {
        ...servers,
        stateOf: (name) => known[name],
        logins: {
          ...servers.logins,
          stateOf: (name) =>
            Promise.resolve(
              name === 'c' ? { isSignedIn: false, wants: 'login', scope: undefined } : undefined,
            ),
        },
      },
    });
    expect(text).toContain(
      [
        '## MCP servers\n',
        '- `a`: running, the protocol of 2026-07-28, 1 tool',
        '- `b`: **left alone** for 42 s more, as it failed several times, the protocol up to 2025-11-25, the last error: `it broke`',
        '- `c`: not running, sign in: `$mcp auth c`',
        '- not used yet: `d`, `e`\n',
      ].join('\n'),
    );
  });

  test('of many MCP servers the first twenty are told [CMD-4]', async () => {
    const { servers, ...context } = builtInContext();
    const many = Object.fromEntries(Array.from({ length: 23 }, (_, at) => [`s${at}`, { command: 'x' }]));
    const snapshot = snapshotWith({ mcpServers: [{ source: sourceIn('user'), servers: many }] });
    const text = await statusOf({
      ...context,
      snapshot,
      servers: { ...servers, stateOf: () => serverState({ era: 'modern' }) },
    });
    expect(text).toContain('- `s19`: not running, the protocol of 2026-07-28\n- and 3 more: `$mcp list`\n');
  });
});
