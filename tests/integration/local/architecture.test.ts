import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compose } from '../../../middleware/compose.ts';
import { loadConfig } from '../../../middleware/platform/config/load-config.ts';
import { readVersion } from '../../../middleware/platform/release/read-version.ts';
import { createLitellmTier } from '../../../middleware/upstreams/litellm/litellm-tier.ts';
import { collectedLog } from '../../support/collected-log.ts';
import { rootDir } from '../../support/compose-middleware.ts';

const env = {
  CODEX_PLUS_STATE_DIR: join(rootDir, '.state', 'tests', 'architecture'),
  CODEX_PLUS_LITELLM_MODE: 'external',
  LITELLM_MASTER_KEY: 'sk-test-master-0123456789abcdef',
};

test('ARCHITECTURE.md names the stages and filters that are put together, in their order', async () => {
  const config = loadConfig({ rootDir, env, isTerminal: false });
  const { log } = collectedLog();
  const litellm = createLitellmTier({ config: config.litellm, rootDir, env, log });
  const parts = {
    config,
    env,
    log,
    litellm,
    version: readVersion(rootDir),
    homeDir: join(rootDir, '.state', 'no-home'),
    now: () => performance.now(),
  };
  const { steps, close } = compose(parts);
  await close();
  const page = readFileSync(join(rootDir, 'ARCHITECTURE.md'), 'utf8');
  const walk = /pipeline\/walk[^]*?\n {3}upstreams\/route/.exec(page)?.[0] ?? '';
  expect([...walk.matchAll(/^ {5}([a-z-]+)/gm)].map(([, name]) => name)).toEqual(
    steps.stages.map(({ name }) => name),
  );
  const listBelow = (head: string): readonly string[] | null => {
    const list =
      new RegExp(`\\n {3}${head} [^]*?\\n {8}│`).exec(page)?.[0].split('\n').slice(2).join(' ') ?? '';
    return list.match(/[a-z-]+/g);
  };
  expect(listBelow('filters')).toEqual(steps.filters.map(({ name }) => name));
  expect(listBelow('answer steps')).toEqual(steps.answerSteps.map(({ name }) => name));
});
