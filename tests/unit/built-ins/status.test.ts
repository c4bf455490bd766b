import { describe, expect, test } from '@jest/globals';
import type { BuiltInContext } from '../../../middleware/features/built-ins/built-in-context.ts';
import { status } from '../../../middleware/features/built-ins/status.ts';
import { builtInContext, snapshotWith } from '../../support/built-in-context.ts';
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

function statusOf(parts: Partial<BuiltInContext>, told: object = health): string {
  return status('', builtInContext({ health: () => ({ ...told }), ...parts }));
}

function routeIn(text: string): string | undefined {
  return /^- Route: (.*)$/m.exec(text)?.[1];
}

describe('/status', () => {
  test('tells how the tiers are, what this request is, and who came by [CMD-4] [PX-7]', () => {
    const problem = {
      file: '/home/ada/shop/.claude/settings.json',
      scope: 'project',
      line: 3,
      column: 7,
      path: '',
      reason: 'is not JSON',
      leftOut: 'file',
    } as const;
    expect(statusOf({ snapshot: snapshotWith({ problems: [problem] }) })).toBe(
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
        '- Folder: `/home/ada/shop`',
        '- Configuration: 1 problem, see `/plus status`\n',
        '## Clients seen since the start\n',
        '- codex 0.170.0 (not tested with this release)',
        '- claude 2.1.0\n',
      ].join('\n'),
    );
  });

  test('where nothing is known, it says so and does not fail [CMD-4]', () => {
    const exchange = exchangeWith({ api: 'chat', body: {}, client: { kind: 'other', version: undefined } });
    expect(statusOf({ exchange, snapshot: undefined }, { litellm: 'gone', clients: [1] })).toBe(
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

  test('the reason why LiteLLM is not ready is told [CMD-4]', () => {
    const litellm = { state: 'unavailable', reason: 'there is no Python', breaker: 'closed', models: [] };
    expect(statusOf({}, { ...health, litellm })).toContain(
      '- LiteLLM: unavailable (there is no Python) with its circuit breaker closed\n',
    );
  });

  test('of many models the first thirty are named [CMD-4]', () => {
    const models = Array.from({ length: 32 }, (_, index) => `m${index}`);
    const text = statusOf({}, { ...health, litellm: { ...health.litellm, models } });
    expect(text).toContain('`m29` and 2 more\n');
  });

  test.each([
    ['0.170.0', 'Codex 0.170.0 was not tested with this release; if a turn fails, compare without the proxy'],
    ['0.20.1', 'Codex 0.20.1 is older than 0.29, the oldest that is supported; upgrade it'],
  ])('the user of Codex %s is warned, also at the first request [PX-7]', (version, warning) => {
    const exchange = exchangeWith({ client: { kind: 'codex', version } });
    expect(statusOf({ exchange }, { ...health, clients: [] })).toContain(`\n**Warning:** ${warning}.\n`);
  });

  test.each([
    ['codex', '0.169.0'],
    ['claude', '9.9.9'],
    ['codex', undefined],
  ] as const)('the user of %s %s is not [PX-7]', (kind, version) => {
    const quiet = { ...health, litellm: { ...health.litellm, warnings: [] } };
    const exchange = exchangeWith({ client: { kind, version } });
    expect(statusOf({ exchange }, quiet)).not.toContain('Warning');
  });

  test('the route is the one that the router would choose by the credential [RT-2] [CMD-4]', () => {
    const routeWith = (authorization: string | undefined, told: object = health): string => {
      const headers = authorization === undefined ? [] : ['authorization', authorization];
      return routeIn(statusOf({ exchange: exchangeWith({ headers }) }, told)) ?? '';
    };
    const login = `Bearer ${madeUpJwt()}`;
    expect(routeWith(login)).toBe('ChatGPT backend');
    expect(routeWith(login, { ...health, chatgpt: { enabled: false } })).toBe(
      'none: this is a ChatGPT login, and the ChatGPT route is switched off',
    );
    expect(routeWith('Bearer eyJ.x.y')).toMatch(/^none: .*cannot be read/);
    expect(routeWith('Bearer sk-made-up')).toBe('LiteLLM');
    const open = { ...health, litellm: { ...health.litellm, breaker: 'open' } };
    expect(routeWith(undefined, open)).toBe('the provider itself, for as long as LiteLLM takes no calls');
  });
});
