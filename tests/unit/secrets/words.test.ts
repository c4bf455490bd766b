import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { litellmSecrets } from '../../../middleware/platform/config/litellm-secrets.ts';
import { createKnownSecrets } from '../../../middleware/platform/secrets/known-secrets.ts';
import { createReachedTargets } from '../../../middleware/platform/secrets/reached-targets.ts';
import { createWordsCleaner } from '../../../middleware/platform/secrets/upstream-words.ts';
import { growsLinearly } from '../../support/grows-linearly.ts';

const folder = mkdtempSync(join(tmpdir(), 'words-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const yaml = `model_list:
  - model_name: one
    litellm_params: { model: openai/one, api_key: os.environ/MY_OWN_NAME, api_base: 'http://10.1.2.3:8000/v1' }
  - model_name: two
    litellm_params: { model: anthropic/two, api_key: literal-key-of-two, api_base: os.environ/WHERE_TWO_IS }
  - model_name: three
    litellm_params: { model: azure/three, api_version: os.environ/A_VERSION, extra_headers: { Authorization: 'Bearer header-of-three' } }
  - model_name: four
    litellm_params: { model: openai/four, api_base: 'https://api.openai.com/v1' }
environment_variables: { SOME_API_KEY: literal-of-a-variable }
`;
const env = {
  ...{ MY_OWN_NAME: 'Zq7/own+name="x', ANTHROPIC_API_KEY: 'the-usual-one-of-two', A_VERSION: '2026-01-01' },
  ...{
    WHERE_TWO_IS: 'https://models.inside.example/api',
    OPENAI_BASE_URL: 'http://gpus:9000',
    SHORT_API_KEY: 'abc',
  },
};

describe('[SEC-3] the secrets of a configuration of LiteLLM', () => {
  test('are what its variables hold and what stands in it', () => {
    const { keys, addresses } = litellmSecrets(yaml, env);
    expect(new Set(keys)).toEqual(
      new Set([
        ...[env.MY_OWN_NAME, env.ANTHROPIC_API_KEY, 'literal-key-of-two', 'header-of-three'],
        'literal-of-a-variable',
      ]),
    );
    expect(addresses).toEqual(['http://10.1.2.3:8000/v1', env.WHERE_TWO_IS, 'https://api.openai.com/v1']);
  });

  test('are none in a file that is broken', () => {
    expect(litellmSecrets('model_list: [', env)).toEqual({ keys: [], addresses: [] });
  });
});

describe('[SEC-3] the words of an upstream', () => {
  const file = join(folder, 'litellm_config.yaml');
  writeFileSync(file, yaml);
  let now = 0;
  const listeners: (() => void)[] = [];
  let target: { url: string; masterKey: string } | undefined = {
    url: 'http://127.0.0.1:45678',
    masterKey: 'sk-of-another-master',
  };
  const known = createKnownSecrets({
    config: {
      litellm: { configFile: file, masterKeyFile: join(folder, 'none'), masterKey: 'sk-of-the-master' },
      providers: [{ name: 'mine', apiKey: 'key-of-a-provider', baseUrl: 'http://localhost:11434/v1' }],
    } as never,
    env,
    now: () => now,
  });
  const clean = createWordsCleaner({
    known,
    litellmUrl: 'http://127.0.0.1:4000',
    reached: createReachedTargets({
      target: () => target,
      onChange: (listener) => {
        listeners.push(listener);
      },
    }),
  });
  const moveTo = (next: typeof target): void => {
    target = next;
    for (const listener of listeners) listener();
  };

  test.each([
    ['Incorrect key Zq7/own+name="x.', 'Incorrect key [redacted:key].'],
    [String.raw`{"k":"Zq7/own+name=\"x"}`, '{"k":"[redacted:key]"}'],
    [
      'key-of-a-provider sk-of-the-master sk-of-another-master',
      '[redacted:key] [redacted:key] [redacted:key]',
    ],
    ['literal-key-of-two', '[redacted:key]'],
    // What nobody here knows, and still looks like one.
    [
      'Incorrect API key provided: sk-live-0123456789abcdefghij.',
      'Incorrect API key provided: [redacted:api-key].',
    ],
    // A provider's own cut form.
    [
      'Incorrect API key provided: sk-li***********ghij.',
      'Incorrect API key provided: sk-li***********ghij.',
    ],
    ['Missing bearer or basic authentication in header', 'Missing bearer or basic authentication in header'],
  ])('have no keys: %s', (text, told) => {
    expect(clean(text)).toBe(told);
  });

  test.each([
    ['at http://127.0.0.1:4000/v1/messages: no', 'at [address of LiteLLM] no'],
    ['localhost:45678 refused', '[address of LiteLLM] refused'],
    ["Connect call failed ('127.0.0.1', 45678)", "Connect call failed ('[address of LiteLLM])"],
    ['POST http://10.1.2.3:8000/v1/chat/completions failed', 'POST [address of the provider] failed'],
    [
      'Cannot connect to host 10.1.2.3:8000 ssl:default',
      'Cannot connect to host [address of the provider] ssl:default',
    ],
    ["host='10.1.2.3', port=8000", "host='[address of the provider]"],
    ['https://me:pw@models.inside.example/api/x', '[address of the provider]'],
    ['MODELS.inside.example is down', '[address of the provider] is down'],
    ['http://gpus:9000/x, gpus:9000', '[address of the provider], [address of the provider]'],
    // LiteLLM's own form of a private address.
    ['at http://REDACTED:8000/v1/models', 'at [address of the provider]'],
    ["host='REDACTED', port=8000, REDACTED:4000", "host='[address of the provider], [address of LiteLLM]"],
    ['https://REDACTED/v1 of gpus', '[address of the provider] of gpus'],
    ['api_key=REDACTED, http://REDACTED:1/a', 'api_key=REDACTED, http://REDACTED:1/a'],
    // Words, other ports, other hosts, and what everybody knows.
    ['all gpus are busy', 'all gpus are busy'],
    ['http://127.0.0.1:8080/a.png cannot be fetched', 'http://127.0.0.1:8080/a.png cannot be fetched'],
    ['110.1.2.3 and not-models.inside.example.org', '110.1.2.3 and not-models.inside.example.org'],
    ['see https://api.openai.com/v1', 'see https://api.openai.com/v1'],
  ])('have no addresses: %s', (text, told) => {
    expect(clean(text)).toBe(told);
  });

  test('have none of an edited file either, nor of the file before', () => {
    writeFileSync(file, yaml.replace('literal-key-of-two', 'a-newer-key-of-two'));
    now += 10_000;
    expect(clean('literal-key-of-two a-newer-key-of-two')).toBe('[redacted:key] [redacted:key]');
  });

  test('have nothing of a LiteLLM that is gone, though nobody asked while it was there', () => {
    moveTo({ url: 'http://127.0.0.1:45679', masterKey: 'sk-of-a-second-master' });
    moveTo({ url: 'http://127.0.0.1:45680', masterKey: 'sk-of-a-third-master' });
    moveTo(undefined);
    expect(clean('127.0.0.1:45679 and 127.0.0.1:45680 could not be reached: ECONNREFUSED')).toBe(
      '[address of LiteLLM] and [address of LiteLLM] could not be reached: ECONNREFUSED',
    );
    expect(clean('sk-of-another-master sk-of-a-second-master sk-of-a-third-master')).toBe(
      '[redacted:key] [redacted:key] [redacted:key]',
    );
  });

  test('are looked through in time that grows with their length alone', async () => {
    await growsLinearly((size) => 'http://10.1.2.3x'.repeat(size), clean, 2_000);
    await growsLinearly((size) => 'a'.repeat(size) + ' 10.1.2.3', clean, 40_000);
    await growsLinearly((size) => 'x://'.repeat(size) + '10.1.2.3', clean, 4_000);
  });
});
