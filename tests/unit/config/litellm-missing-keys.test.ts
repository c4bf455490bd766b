import { describe, expect, test } from '@jest/globals';
import { missingKeys } from '../../../middleware/platform/config/litellm-missing-keys.ts';

const config = `
model_list:
  - { model_name: a, litellm_params: { model: openai/gpt-5, api_key: os.environ/A_KEY } }
  - { model_name: b, litellm_params: { model: openai/gpt-5, api_key: os.environ/B_KEY } }
  - { model_name: b, litellm_params: { model: openai/gpt-5, api_key: sk-literal } }
  - { model_name: c, litellm_params: { model: anthropic/claude-sonnet-5 } }
  - { model_name: local, litellm_params: { model: openai/x, api_base: http://127.0.0.1:9 } }
router_settings:
  model_group_alias: { alias: a }
`;

describe('the models whose key is missing', () => {
  test('a name is among them when no entry of it can work, with the variable; an alias like its model', () => {
    const { byName: missing } = missingKeys(config, {});
    expect({ ...missing }).toEqual({ a: 'A_KEY', alias: 'A_KEY', c: 'ANTHROPIC_API_KEY' });
    expect(Object.hasOwn(missing, 'constructor') || 'constructor' in missing).toBe(false);
  });

  test('a variable that is set, here or in the file, is not missing; an empty one is', () => {
    expect({ ...missingKeys(config, { A_KEY: 'x', ANTHROPIC_API_KEY: '' }).byName }).toEqual({
      c: 'ANTHROPIC_API_KEY',
    });
    const given = `${config}environment_variables: { A_KEY: x, ANTHROPIC_API_KEY: y }\n`;
    expect({ ...missingKeys(given, {}).byName }).toEqual({});
  });

  test('the other names of a model lack what the model lacks', () => {
    const { variableOf } = missingKeys(
      `model_list:
  - { model_name: a, litellm_params: { model: openai/gpt-5, api_key: os.environ/A_KEY }, model_info: { id: mine } }
  - { model_name: 'anthropic/*', litellm_params: { model: 'anthropic/*' } }
`,
      {},
    );
    expect(variableOf('openai/gpt-5')).toBe('A_KEY');
    expect(variableOf('mine')).toBe('A_KEY');
    expect(variableOf('anthropic/claude-sonnet-5')).toBe('ANTHROPIC_API_KEY');
    expect(variableOf('nobody')).toBeUndefined();
  });

  test('a key that LiteLLM finds under another name is not missing', () => {
    const gemini = 'model_list: [{ model_name: g, litellm_params: { model: gemini/pro } }]';
    expect(missingKeys(gemini, {}).variableOf('g')).toBe('GEMINI_API_KEY');
    expect(missingKeys(gemini, { GOOGLE_API_KEY: 'x' }).variableOf('g')).toBeUndefined();
  });
});

test('a deployment without its key rests while another of its name has one', () => {
  expect(missingKeys(config, {}).resting).toEqual([
    { index: 1, name: 'b', model: 'openai/gpt-5', variable: 'B_KEY' },
  ]);
  expect(missingKeys(config, { B_KEY: 'x' }).resting).toEqual([]);
});
