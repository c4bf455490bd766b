import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { lintLitellmConfig } from '../../../middleware/platform/config/litellm-lint.ts';

const file = 'config/litellm_config.yaml';
const keys = { OPENAI_API_KEY: 'sk-o', ANTHROPIC_API_KEY: 'sk-a' };
const lint = (text: string, env: Record<string, string> = keys) => lintLitellmConfig({ file, text, env });

const oneModel = `model_list:
  - model_name: gpt-5
    litellm_params:
      model: openai/gpt-5
`;

describe('faults that keep LiteLLM from starting', () => {
  test.each([
    [
      'a bracket that is not closed',
      'model_list: [1, 2\nrouter_settings: {}\n',
      ', line 2, column 1: deficient indentation',
    ],
    ['a tab', 'model_list:\n\t- a\n', ', line 2, column 1: tab characters must not be used in indentation'],
    ['a key that stands twice', `${oneModel}model_list: []\n`, ', line 5, column 1: duplicated mapping key'],
    ['an empty file', '\n', ': it is empty'],
    [
      'a list in place of the mapping',
      '- gpt-5\n',
      ': it must be a mapping with model_list and the settings',
    ],
    [
      'a model_list that is a mapping',
      'model_list:\n  gpt-5: openai/gpt-5\n',
      ', line 1: model_list must be a list: begin each model with "- model_name: …"',
    ],
    [
      'a model without a name',
      `${oneModel}  - litellm_params:\n      model: openai/gpt-4\n`,
      ', line 5: model_list[1] has no model_name: add the name that clients ask for',
    ],
    [
      'a model without litellm_params',
      'model_list:\n  - model_name: gpt-5\n',
      ', line 2: "gpt-5" has no litellm_params: add them with at least "model: provider/model"',
    ],
    [
      'litellm_params without a model',
      'model_list:\n  - model_name: gpt-5\n    litellm_params:\n      api_key: x\n',
      ', line 3: "gpt-5" has no litellm_params.model: add it, for example "model: openai/gpt-5"',
    ],
    [
      'an unknown routing strategy',
      `${oneModel}router_settings:\n  routing_strategy: fastest\n`,
      ', line 6: unknown routing_strategy "fastest": choose one of simple-shuffle, lar1, least-busy, latency-based-routing, cost-based-routing, usage-based-routing-v2, usage-based-routing, provider-budget-routing',
    ],
    [
      'a section that is a list',
      `${oneModel}router_settings: []\n`,
      ', line 5: router_settings must be a mapping of settings',
    ],
    [
      'a master key in the file',
      `${oneModel}general_settings:\n  master_key: sk-mine\n`,
      ', line 6: write "master_key: os.environ/LITELLM_MASTER_KEY" and put a key of your own into that variable, not into litellm_config.yaml',
    ],
  ])('%s is named with its place', (_what, text, message) => {
    expect(lint(text).faults).toEqual([file + message]);
  });

  test('a sound file has none, and no warnings', () => {
    const text = readFileSync('config/litellm_config.yaml', 'utf8');
    expect(lint(text)).toMatchObject({ faults: [], warnings: [] });
  });
});

describe('what LiteLLM would pass over without a word', () => {
  test.each([
    [
      'a misspelt section',
      'router_setings: {}\n',
      ', line 5: LiteLLM knows no section "router_setings": did you mean "router_settings"?',
    ],
    [
      'an unknown section',
      'colours: {}\n',
      ', line 5: LiteLLM knows no section "colours" and leaves it unread',
    ],
    [
      'a misspelt setting',
      'litellm_settings:\n  drop_parms: true\n',
      ', line 6: "drop_parms" looks like a typing error: did you mean "drop_params"?',
    ],
    [
      'an alias to a model that is not there',
      'router_settings:\n  model_group_alias: { fast: gpt-6 }\n',
      ', line 6: the alias "fast" points to "gpt-6", which no entry of model_list has; calls of it are refused',
    ],
    [
      'a budget that only a database can hold',
      'general_settings:\n  max_budget: 100\n',
      ', line 6: general_settings.max_budget does nothing without a database: use router_settings.provider_budget_config',
    ],
    [
      'budgets with the strategy that does not look at them',
      'router_settings:\n  routing_strategy: usage-based-routing\n  provider_budget_config: {}\n',
      ', line 6: budgets are not enforced with usage-based-routing: use usage-based-routing-v2',
    ],
  ])('%s is a warning', (_what, more, message) => {
    expect(lint(oneModel + more)).toMatchObject({ faults: [], warnings: [file + message] });
  });

  test('[RT-5] sessions that change between deployments are a warning, unless something keeps them', () => {
    const more = '  - model_name: MODEL\n    litellm_params: { model: openai/other, api_key: sk-own }\n';
    const name = /model_name: (\S+)/.exec(oneModel)?.[1] ?? '';
    const twice = oneModel + more.replace('MODEL', name);
    expect(lint(twice).warnings).toEqual([
      expect.stringContaining(`"${name}" has several deployments, and sessions change between them: add`),
    ]);
    for (const kept of ['optional_pre_call_checks: [session_affinity]', 'model_group_affinity_config: {}'])
      expect(lint(`${twice}router_settings:\n  ${kept}\n`).warnings).toEqual([]);
    expect(lint(oneModel + more.replace('MODEL', 'another')).warnings).toEqual([]);
  });

  test('a setting that is unlike any known one is left to LiteLLM', () => {
    expect(lint(`${oneModel}general_settings:\n  brand_new: 1\n`).warnings).toEqual([]);
  });

  test('with a database the budgets of the sections are believed', () => {
    const text = `${oneModel}general_settings:\n  max_budget: 100\n  database_url: os.environ/DB\n`;
    expect(lint(text, { ...keys, DB: 'postgres://' }).warnings).toEqual([]);
  });
});

describe('environment variables', () => {
  const text = `model_list:
  - model_name: gpt-5
    litellm_params: { model: openai/gpt-5, api_key: os.environ/OPENAI_API_KEY }
  - model_name: gpt-4
    litellm_params: { model: openai/gpt-4, api_key: os.environ/OPENAI_API_KEY }
  - model_name: claude
    litellm_params: { model: anthropic/claude-sonnet-5 }
  - model_name: local
    litellm_params: { model: openai/qwen, api_base: 'http://127.0.0.1:8000/v1', api_key: none }
router_settings:
  redis_password: os.environ/REDIS_PASSWORD
general_settings:
  master_key: os.environ/LITELLM_MASTER_KEY
`;

  test('a missing one is a warning that names who needs it; the master key is ours to give', () => {
    expect(lint(text, { OPENAI_API_KEY: '' })).toMatchObject({
      faults: [],
      warnings: [
        `${file}, line 3: the environment variable OPENAI_API_KEY is not set: "gpt-5", "gpt-4" cannot work without it`,
        `${file}, line 11: the environment variable REDIS_PASSWORD is not set: router_settings.redis_password cannot work without it`,
        `${file}, line 6: the environment variable ANTHROPIC_API_KEY is not set: "claude" cannot work without it`,
      ],
    });
  });

  test('one that the file itself sets is not missing', () => {
    const given = `${text}environment_variables:\n  REDIS_PASSWORD: secret\n`;
    expect(lint(given, keys).warnings).toEqual([]);
  });
});

describe('providers that LiteLLM does not know [CFG-4]', () => {
  const entry = (params: string): string =>
    `model_list:\n  - model_name: mine\n    litellm_params: ${params}\n`;
  const told = (params: string, settings = ''): readonly string[] => lint(entry(params) + settings).warnings;

  test.each([
    ['anthropik/claude-sonnet-4-5', 'did you mean "anthropic"?'],
    ['OpenAI/gpt-5', 'did you mean "openai"?'],
    ['vertex/gemini-2.5-pro', 'did you mean "vertex_ai" or "vertex_ai_beta"?'],
    ['acme/llm-4', 'write one of https://docs.litellm.ai/docs/providers before the name'],
  ])('%s is told with its line, its provider and what is near', (model, near) => {
    const [provider = ''] = model.split('/');
    expect(told(`{ model: ${model} }`)).toEqual([
      expect.stringContaining(
        `${file}, line 2: "mine" cannot be called by this entry: LiteLLM knows no provider "${provider}" (${model}); ${near}`,
      ),
    ]);
    expect(told(`{ model: ${model}, api_base: http://127.0.0.1:8000/v1 }`)).toHaveLength(1);
  });

  test('one that is named beside the model', () => {
    expect(told('{ model: gpt-5, custom_llm_provider: opnai }')).toEqual([
      expect.stringContaining('knows no provider "opnai" (gpt-5); did you mean "openai"?'),
    ]);
  });

  test.each([
    ['one of its list', '{ model: nano-gpt/x }', ''],
    ['one beside the model', '{ model: meta-llama/Llama-4, custom_llm_provider: groq }', ''],
    ['one known by its address', '{ model: meta-llama/Llama-4, api_base: https://api.together.xyz/v1 }', ''],
    ['an address of the environment', '{ model: meta-llama/Llama-4, api_base: os.environ/HERE }', ''],
    ['a model of the environment', '{ model: os.environ/MY_MODEL }', ''],
    ['a picture by its size', '{ model: 1024-x-1024/gpt-image-1.5 }', ''],
    [
      'one that the file adds',
      '{ model: mine/x }',
      'litellm_settings: { custom_provider_map: [{ provider: mine }] }\n',
    ],
    ['all of another LiteLLM', '{ model: mine/x }', 'litellm_settings: { use_litellm_proxy: true }\n'],
  ])('none is told of %s', (_, params, settings) => {
    expect(told(params, settings)).toEqual(
      expect.not.arrayContaining([expect.stringContaining('knows no provider')]),
    );
  });
});
