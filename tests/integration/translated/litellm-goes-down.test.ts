import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { countCache, type CacheCounter } from '../../support/caching/cache-counter.ts';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { deployment } from '../../support/deployments.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import type { Item } from '../../support/fake-upstream/step.ts';
import { RecordedCodex } from '../../support/recorded-codex.ts';

let upstream: FakeUpstream;
let counter: CacheCounter;
let middleware: ComposedMiddleware;

beforeAll(async () => {
  // LiteLLM and Anthropic at one address: LiteLLM passes on what it gets in Anthropic's API.
  upstream = await startFakeUpstream();
  counter = countCache(upstream);
  const claude = deployment('claude-3-5-sonnet', 'anthropic');
  upstream.deploys([{ ...claude, litellm_params: { model: 'anthropic/claude-sonnet-5' } }]);
});

afterAll(() => upstream.close());

beforeEach(async () => {
  middleware = await composeMiddleware(upstream.url, {
    ANTHROPIC_API_BASE: upstream.url,
    ANTHROPIC_API_KEY: 'sk-ant-real',
  });
});

function answerTo(request: number): readonly Item[] {
  if (request % 2 === 1) return [{ kind: 'text', text: `Part ${request} is done.` }];
  const args = { cmd: `ls ${request}` };
  return [
    { kind: 'reasoning', text: `I look at ${request}.`, seal: `seal${request}` },
    { kind: 'call', name: 'exec_command', arguments: args, callId: `call_${request}` },
  ];
}

describe('[RT-3] [RT-4] a session with Claude in which LiteLLM goes down and comes back', () => {
  test.each(['classic', 'lite'] as const)('loses no thought and nothing of the cache (%s)', async (form) => {
    counter.begin(answerTo);
    const session = { baseUrl: `${middleware.url}/v1`, model: 'claude-3-5-sonnet', form };
    const codex = new RecordedCodex(session);
    for (const isThere of [true, true, false, false, true]) {
      middleware.setLitellm(isThere ? upstream.url : undefined);
      await codex.turn('Go on.', () => 'ok');
    }
    await middleware.close();
    expect(upstream.requests).toHaveLength(10);
    const names = upstream.requests.map(({ json }) => json?.['model']);
    expect(names.slice(3, 5)).toEqual(['claude-3-5-sonnet', 'claude-sonnet-5']);
    const last = upstream.requests.at(-1)?.raw.toString() ?? '';
    for (const request of [0, 2, 4, 6, 8]) expect(last).toContain(`"signature":"seal${request}"`);
    // Each finds all of the one before it, but for its last words.
    counter.counted.slice(1).forEach(({ cached }, at) => {
      expect(cached).toBeGreaterThan((counter.counted[at]?.input ?? 0) * 0.98);
    });
  });
});
