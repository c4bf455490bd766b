import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { countCache, type CacheCounter } from '../support/caching/cache-counter.ts';
import { tenTurns } from '../support/caching/ten-turns.ts';
import { startFakeUpstream, type FakeUpstream } from '../support/fake-upstream/fake-upstream.ts';
import { sparePort } from '../support/spare-port.ts';
import { startMiddleware, type RunningMiddleware } from '../support/start-middleware.ts';
import { strictLitellmConfig } from '../support/strict/litellm-config.ts';

const twoMinutes = 120_000;

let upstream: FakeUpstream;
let counter: CacheCounter;
let middleware: RunningMiddleware;

beforeAll(async () => {
  upstream = await startFakeUpstream();
  counter = countCache(upstream);
  middleware = await startMiddleware({
    upstreamUrl: upstream.url,
    litellmPort: await sparePort(),
    litellmConfig: strictLitellmConfig(upstream.url),
  });
  await middleware.untilLitellmIs('ready');
}, twoMinutes);

afterAll(async () => {
  await middleware.stop();
  await upstream.close();
}, twoMinutes);

test.each(['claude', 'claude-budget', 'deepseek', 'chat', 'openai'])(
  '[RT-4] ten turns of Codex through the real LiteLLM have the cached share that they have without: %s',
  async (model) => {
    const direct = await tenTurns(counter, { baseUrl: `${upstream.url}/v1`, model });
    const { cached, most, told } = await tenTurns(counter, { baseUrl: `${middleware.url}/v1`, model });
    // Codex itself speaks to no Claude: there, all that each request has of the one before is the most.
    const without = model.startsWith('claude') ? most : direct.cached;
    expect(without).toBeGreaterThan(90);
    expect(cached).toBeGreaterThanOrEqual(without - 1);
    expect(told).toBeCloseTo(cached, 6);
  },
  twoMinutes,
);
