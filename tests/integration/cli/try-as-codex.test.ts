import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { checkProviderNeeds } from '../../../middleware/cli/doctor/check-provider-needs.ts';
import { tryAsCodex } from '../../../middleware/cli/doctor/gather/try-as-codex.ts';
import type { Finding } from '../../../middleware/cli/doctor/finding.ts';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { sparePort } from '../../support/spare-port.ts';
import { codexConfig, soundFacts } from '../../unit/cli/sound-facts.ts';

let middleware: ComposedMiddleware;

beforeAll(async () => {
  middleware = await composeMiddleware(undefined, { CODEX_PLUS_API_KEYS: 'key-of-the-house' });
});

afterAll(async () => {
  await middleware.close();
});

/** What the doctor says of a Codex whose provider entry has these lines. */
async function examine(
  entry: string,
  env: Readonly<Record<string, string>> = {},
  { url, base = url }: { readonly url: string; readonly base?: string } = middleware,
): Promise<Finding[]> {
  const config = codexConfig(
    `model_provider = "codex-plus"\n[model_providers.codex-plus]\nbase_url = "${base}/v1"\n${entry}\n`,
  );
  const failed = await tryAsCodex(config.document, { env, version: '0.171.0' });
  const tries = failed === undefined ? [] : [failed];
  // The shell of the doctor knows nothing of the keys that the running one has.
  return checkProviderNeeds(
    soundFacts({ facts: { env }, middleware: { url, asksForKey: false }, codex: { config, tries } }),
  );
}

describe('doctor, asking as Codex does where a key is asked,', () => {
  for (const [entry, env] of [
    ['env_key = "MY_KEY"', { MY_KEY: 'key-of-the-house' }],
    ['env_http_headers = { x-codex-plus-key = "MY_KEY" }', { MY_KEY: 'key-of-the-house' }],
    ['http_headers = { X-Codex-Plus-Key = "key-of-the-house" }', {}],
    ['experimental_bearer_token = "key-of-the-house"', {}],
  ] as const) {
    test(`is content with ${entry} [CFG-4]`, async () => {
      expect(await examine(entry, env)).toEqual([]);
    });
  }

  for (const [entry, env] of [
    ['', {}],
    ['experimental_bearer_token = "no-key-needed"', { CODEX_PLUS_KEY: 'key-of-the-house' }],
    ['env_key = "MY_KEY"', { MY_KEY: 'another' }],
    ['env_http_headers = { x-codex-plus-key = "MY_KEY" }', {}],
    ['requires_openai_auth = true', {}],
  ] as const) {
    test(`says that ${JSON.stringify(entry)} with ${JSON.stringify(env)} gets a 401 [CFG-4]`, async () => {
      const found = await examine(entry, env);
      expect(found).toEqual([
        {
          id: 'provider-key',
          level: 'problem',
          what: 'Codex-Plus asks for a key, and Codex sends none that it knows: every call gets a 401',
          where: '/home/me/.codex/config.toml, line 2',
          todo: 'export CODEX_PLUS_KEY=… with one of server.apiKeys, and call codex-plus init again',
        },
      ]);
    });
  }

  test('names an address at which nobody answers Codex [CFG-4]', async () => {
    const url = `http://127.0.0.1:${await sparePort()}`;
    expect(await examine('', {}, { url })).toEqual([
      {
        id: 'provider',
        level: 'problem',
        what: expect.stringMatching(
          /^http:\S+\/v1, where Codex calls, cannot be called: .*ECONNREFUSED/,
        ) as unknown,
        where: '/home/me/.codex/config.toml, line 2',
        todo: 'write the address that codex-plus status shows',
      },
    ]);
  });
});
