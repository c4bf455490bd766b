import { describe, expect, test } from '@jest/globals';
import { readLitellmModels } from '../../../middleware/platform/config/litellm-config.ts';
import { calledWith } from '../../../middleware/upstreams/provider/called-with.ts';

/** Of a model that has these entries. */
function called(...params: readonly string[]): ReturnType<typeof calledWith> {
  const entries = params.map((each) => `  - { model_name: mine, litellm_params: { ${each} } }\n`);
  const litellm = readLitellmModels(`model_list:\n${entries.join('')}`);
  return calledWith('mine', { litellm, providers: [], env: {} }, undefined);
}

const at = "api_base: 'http://user:secret@10.1.2.3:8000/v1'";
const server = (member: string): string =>
  `the server of "mine" (the ${member} of its entry in LiteLLM's file)`;

describe('[PX-6] whom a model is called at, and with which key, is said without an address:', () => {
  test.each([
    ['model: openai/gpt-5', undefined, ['OPENAI_API_KEY']],
    ['model: openai/gpt-5, api_key: os.environ/MINE', undefined, ['MINE']],
    ["model: openai/x, api_base: 'https://api.openai.com/v1', api_key: os.environ/MINE", undefined, ['MINE']],
    [
      "model: openai/x, api_base: 'https://eu.api.openai.com/v1', api_key: a",
      undefined,
      ['the api_key of its entry'],
    ],
    ["model: azure/x, api_base: 'https://mine.openai.azure.com', api_key: os.environ/AZ", undefined, ['AZ']],
    [`model: openai/x, ${at}, api_key: os.environ/MINE`, server('api_base'), ['MINE']],
    [`model: openai/x, ${at}, api_key: sk-literal`, server('api_base'), ['the api_key of its entry']],
    ["model: anthropic/x, base_url: 'http://10.1.2.3'", server('base_url'), [usual('ANTHROPIC_API_KEY')]],
    [`model: openai/x, ${at}`, server('api_base'), [usual('OPENAI_API_KEY')]],
    [`model: hosted_vllm/x, ${at}`, server('api_base'), []],
    [
      "model: openai/x, api_base: 'https://api.x.ai/v1', api_key: a",
      server('api_base'),
      ['the api_key of its entry'],
    ],
    [
      'model: openai/x, litellm_credential_name: own',
      server('litellm_credential_name'),
      ['the litellm_credential_name of its entry'],
    ],
  ])('%s', (params, who, keys) => {
    const member = who === undefined ? undefined : /\((?:the )?(\w+) of/.exec(who)?.[1];
    const address = member === undefined ? undefined : `\`${member}\` of its entry in LiteLLM's file`;
    expect(called(params)).toEqual({ who, address, keys });
  });

  test('of several deployments nobody knows which it was', () => {
    const [own, openais] = [`model: openai/x, ${at}, api_key: os.environ/MINE`, 'model: openai/gpt-5'];
    expect(called(own, openais)).toEqual({
      who: 'a deployment of "mine"',
      address: undefined,
      keys: ['MINE', 'OPENAI_API_KEY'],
    });
    expect(called(openais, openais)).toEqual({
      ...{ who: undefined, address: undefined, keys: ['OPENAI_API_KEY'] },
    });
  });

  test('the environment may send LiteLLM elsewhere', () => {
    const litellm = readLitellmModels(
      'model_list: [{ model_name: mine, litellm_params: { model: openai/x } }]',
    );
    const by = (url: string): unknown =>
      calledWith('mine', { litellm, providers: [], env: { OPENAI_BASE_URL: url } }, undefined);
    expect(by('http://10.1.2.3/v1')).toMatchObject({
      ...{ who: 'the server that OPENAI_BASE_URL names', address: 'OPENAI_BASE_URL' },
    });
    expect(by('https://eu.api.openai.com/v1')).toMatchObject({ who: undefined, address: undefined });
  });

  test('and so may the file, by a variable or for all', () => {
    const by = (text: string): unknown =>
      calledWith(
        'mine',
        {
          litellm: readLitellmModels(
            `model_list: [{ model_name: mine, litellm_params: { model: openai/x } }]\n${text}`,
          ),
          ...{ providers: [], env: {} },
        },
        undefined,
      ).who;
    expect(by("environment_variables: { OPENAI_API_BASE: 'http://10.1.2.3/v1' }")).toBe(
      'the server that OPENAI_API_BASE names',
    );
    expect(by("litellm_settings: { api_base: 'http://10.1.2.3/v1' }")).toBe(
      'the server that litellm_settings.api_base names',
    );
  });

  test.each([
    ['openai', 'https://api.openai.com/v1', undefined],
    ['openai', 'http://10.1.2.3/v1', 'the server that is configured as "openai"'],
    ['local', 'http://10.1.2.3/v1', undefined],
  ] as const)('without LiteLLM: %s at %s', (name, baseUrl, who) => {
    const provider = { name, baseUrl, apiKeyEnv: 'KEY', apiKey: 'sk-any', auth: 'bearer' } as const;
    const providers = [{ ...provider, apis: ['chat'] as const, models: { mine: 'm' } }];
    expect(calledWith('mine', { litellm: readLitellmModels(''), providers, env: {} }, name)).toEqual({
      who,
      address: undefined,
      keys: ['KEY'],
      modelIn: `"models" of "${name}" in codex_plus.json`,
    });
  });

  test("without LiteLLM: a provider that has the models of LiteLLM's file", () => {
    const { baseUrl, ...openai } = { name: 'openai', baseUrl: 'https://api.openai.com/v1', apiKeyEnv: 'KEY' };
    const providers = [{ ...openai, baseUrl, apiKey: 'sk-any', auth: 'bearer', apis: ['chat'] }] as const;
    const litellm = readLitellmModels(
      'model_list: [{ model_name: mine, litellm_params: { model: openai/x } }]',
    );
    expect(calledWith('mine', { litellm, providers, env: {} }, 'openai').modelIn).toBeUndefined();
  });
});

function usual(variable: string): string {
  return `${variable}, which LiteLLM takes for an entry without an api_key`;
}
