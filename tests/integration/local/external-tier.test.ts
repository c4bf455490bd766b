import { afterEach, describe, expect, test } from '@jest/globals';
import { loadConfig } from '../../../middleware/platform/config/load-config.ts';
import { createLitellmTier, type LitellmTier } from '../../../middleware/upstreams/litellm/litellm-tier.ts';
import { startAnsweringServer, type AnsweringServer } from '../../support/answering-server.ts';
import { collectedLog } from '../../support/collected-log.ts';
import { rootDir } from '../../support/compose-middleware.ts';
import { until } from '../../support/until.ts';

let server: AnsweringServer;
let tier: LitellmTier;

afterEach(async () => {
  await tier.stop();
  await server.close();
});

/** A LiteLLM that is alive and answers this when it is asked for its models. */
async function startTier(models: string): Promise<void> {
  server = await startAnsweringServer();
  let current = models;
  server.answer((res, { url }) => {
    res.end(url.startsWith('/health') ? '{"status":"healthy"}' : current);
  });
  repair = () => {
    current = '{"data":[{"id":"gpt-5"}]}';
  };
  const env = {
    CODEX_PLUS_LITELLM_MODE: 'external',
    CODEX_PLUS_LITELLM_URL: server.url,
    LITELLM_MASTER_KEY: 'sk-test-master-0123456789abcdef',
  };
  const { litellm } = loadConfig({ rootDir, env, isTerminal: false });
  const { log, lines } = collectedLog();
  told = lines;
  tier = createLitellmTier({ config: litellm, rootDir, env, log, timing: { backOffFirst: 10 } });
  tier.start();
}

let repair: () => void;
let told: ReturnType<typeof collectedLog>['lines'];

describe('a LiteLLM of somebody else that is alive', () => {
  for (const [what, models] of [
    ['a page', '<html>sign in</html>'],
    ['nothing', ''],
    ['half a JSON text', '{"data":[{"id"'],
    ['JSON that is no list', '{"detail":"no"}'],
    ['null', 'null'],
  ] as const) {
    test(`that answers with ${what} for its models is not ready, says why, and is found when it is`, async () => {
      await startTier(models);
      await until(() => tier.status().state === 'backing-off');
      expect(tier.status().reason).toBe(
        `${server.url}/v1/models does not answer with a list of models: it is another program than LiteLLM, or a page stands before it`,
      );
      expect(tier.target()).toBeUndefined();
      repair();
      await until(() => tier.status().state === 'ready');
      expect(tier.status().models).toEqual(['gpt-5']);
    });
  }

  test('is said once to be missing for each reason, also where the reasons take turns', async () => {
    let probes = 0;
    await startTier('');
    server.answer((res, { url }) => {
      if (url.startsWith('/health')) res.end('{"status":"healthy"}');
      else if ((probes += 1) % 2 === 0) res.end('<html>');
      else res.writeHead(401).end('{}');
    });
    await until(() => probes > 8);
    const reasons = told.filter(({ message }) => String(message).startsWith('LiteLLM is not ready'));
    expect(reasons.length).toBeGreaterThan(1);
    expect(new Set(reasons.map(({ message }) => message)).size).toBe(reasons.length);
  });
});
