import { beforeEach, describe, expect, test } from '@jest/globals';
import { countCache, type CacheCounter } from '../../support/caching/cache-counter.ts';
import { tenTurns } from '../../support/caching/ten-turns.ts';
import { deployment } from '../../support/deployments.ts';
import { fixture } from '../../support/mcp/pool-place.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();
let counter: CacheCounter;

beforeEach(() => {
  counter = countCache(bench.upstream);
});

/** What of a session without us the cache had: with Codex at OpenAI. */
async function direct(form: 'classic' | 'lite'): Promise<number> {
  const shares = await tenTurns(counter, { baseUrl: `${bench.upstream.url}/v1`, model: 'm', form });
  return shares.cached;
}

function through(): string {
  return `${bench.middleware.url}/v1`;
}

async function metric(direction: string): Promise<number> {
  const text = await (await fetch(`${bench.middleware.url}/metrics`)).text();
  const line = text.split('\n').find((each) => each.includes(`direction="${direction}"`));
  return Number(line?.split(' ').at(-1));
}

describe.each(['classic', 'lite'] as const)('[RT-4] the cached share of ten turns of Codex (%s)', (form) => {
  test.each(['openai', 'gemini'] as const)('is that without us, at the model of %s', async (provider) => {
    bench.upstream.deploys([deployment('m', provider)]);
    const without = await direct(form);
    const { cached, told } = await tenTurns(counter, { baseUrl: through(), model: 'm', form });
    expect(without).toBeGreaterThan(90);
    expect(cached).toBeGreaterThanOrEqual(without - 1);
    expect(told).toBeCloseTo(cached, 6);
  });

  test('is all that each request has of the one before, at Claude', async () => {
    bench.upstream.deploys([deployment('m', 'anthropic')]);
    const { cached, most, told } = await tenTurns(counter, { baseUrl: through(), model: 'm', form });
    expect(most).toBeGreaterThan(90);
    expect(cached).toBeGreaterThanOrEqual(most - 1);
    expect(told).toBeCloseTo(cached, 6);
  });

  test('is no less at Claude where more calls come at once than its cache looks back', async () => {
    bench.upstream.deploys([deployment('m', 'anthropic')]);
    const session = { baseUrl: through(), model: 'm', form, atOnce: 25 };
    const { cached, most } = await tenTurns(counter, session);
    expect(cached).toBeGreaterThanOrEqual(most - 1);
  });
});

/** Ten messages of a client that sets its marks as Claude Code does, and what its provider's cache had. */
async function tenMessages(baseUrl: string): Promise<number> {
  counter.begin((request) => [{ kind: 'text', text: `Part ${request} is done.` }]);
  const mark = { cache_control: { type: 'ephemeral' } };
  const system = [{ type: 'text', text: 'You are careful.\n'.repeat(400), ...mark }];
  const said: object[] = [];
  for (let turn = 0; turn < 10; turn += 1) {
    const ask = { type: 'text', text: `Go on with part ${turn}. ${'It matters. '.repeat(50)}` };
    const messages = [...said, { role: 'user', content: [{ ...ask, ...mark }] }];
    const answer = await fetch(`${baseUrl}/messages`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
      body: JSON.stringify({ model: 'm', max_tokens: 99, system, messages }),
    });
    const { content } = (await answer.json()) as { content: unknown };
    said.push({ role: 'user', content: [ask] }, { role: 'assistant', content });
  }
  const sum = (of: 'input' | 'cached'): number =>
    counter.counted.reduce((all, tokens) => all + tokens[of], 0);
  return (100 * sum('cached')) / sum('input');
}

test('[PX-2] the cached share of ten messages to Claude is that without us', async () => {
  bench.upstream.deploys([deployment('m', 'anthropic')]);
  const without = await tenMessages(`${bench.upstream.url}/v1`);
  expect(without).toBeGreaterThan(70);
  expect(await tenMessages(through())).toBe(without);
});

test.each(['anthropic', 'gemini', 'openai'] as const)(
  '[RT-4] [OBS-1] the metrics tell the cached share of ten turns: %s',
  async (provider) => {
    bench.upstream.deploys([deployment('m', provider)]);
    const { cached } = await tenTurns(counter, { baseUrl: through(), model: 'm' });
    expect((100 * (await metric('cached_input'))) / (await metric('input'))).toBeCloseTo(cached, 6);
  },
);

test.each(['anthropic', 'gemini', 'openai'] as const)(
  '[RT-4] the cached share stays with hooks, refused calls and tools that run here: %s',
  async (provider) => {
    bench.upstream.deploys([deployment('m', provider)]);
    const said = { hookEventName: 'UserPromptSubmit', additionalContext: 'The build is red.' };
    const command = `echo '${JSON.stringify({ hookSpecificOutput: said })}'`;
    const settings = {
      permissions: { deny: ['Bash(npm test)'] },
      hooks: { UserPromptSubmit: [{ hooks: [{ type: 'command', command }] }] },
    };
    await bench.file('home/.claude/settings.json', JSON.stringify(settings));
    await bench.file('home/.codexplus/mcp.json', JSON.stringify({ mcpServers: { one: fixture() } }));
    const session = { baseUrl: through(), model: 'm', alsoCalls: 'mcp__one__echo' };
    const { cached, most } = await tenTurns(counter, session);
    expect(JSON.stringify(bench.upstream.requests.at(-1)?.json)).toContain('The build is red.');
    expect(JSON.stringify(bench.upstream.requests.at(-1)?.json)).toContain('has been denied');
    // Steps of 128 tokens leave a part of each request out.
    expect(cached).toBeGreaterThanOrEqual(most - (provider === 'anthropic' ? 1 : 2.5));
  },
);
