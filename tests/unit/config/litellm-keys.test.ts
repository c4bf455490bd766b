import { expect, test } from '@jest/globals';
import { litellmKeys } from '../../../middleware/platform/config/litellm-keys.ts';

test('the keys of LiteLLM are those that its file names, wherever, and nothing that is no key [MCP-5] [SEC-3]', () => {
  const text = `model_list:
  - model_name: a
    litellm_params: { model: mystery, api_key: os.environ/MY_KEY, api_base: os.environ/MY_BASE }
general_settings:
  database_url: os.environ/DATABASE_URL
router_settings: { redis_host: os.environ/REDIS_HOST, redis_password: os.environ/REDIS_PASSWORD }
litellm_settings:
  cache_params: { tokens: [os.environ/FIRST, { deeper: os.environ/SECOND }], region_name: os.environ/REGION }
`;
  expect(litellmKeys(text)).toEqual(['MY_KEY', 'DATABASE_URL', 'REDIS_PASSWORD', 'FIRST', 'SECOND']);
});

test('and those in which it looks for the keys of its providers by itself [MCP-5] [SEC-3]', () => {
  const text = `model_list:
  - { model_name: a, litellm_params: { model: azure/gpt-5 } }
  - { model_name: b, litellm_params: { model: gemini/* } }
  - { model_name: c, litellm_params: { model: some-new/model } }
`;
  expect(litellmKeys(text)).toEqual([
    ...['AZURE_API_KEY', 'AZURE_OPENAI_API_KEY', 'AZURE_AD_TOKEN', 'AZURE_CLIENT_SECRET', 'AZURE_PASSWORD'],
    ...['GEMINI_API_KEY', 'GOOGLE_API_KEY', 'SOME_NEW_API_KEY'],
  ]);
});

test('a broken file has none', () => {
  expect(litellmKeys('model_list: [')).toEqual([]);
});
