import { describe, expect, test } from '@jest/globals';
import type { ModelTraits } from '../../../middleware/protocol/translation/model-traits.ts';
import { directTraits } from '../../../middleware/upstreams/provider/direct-traits.ts';
import { claude } from '../../support/strict/models.ts';

type Told = NonNullable<Parameters<typeof directTraits>[2]>;

const anthropic = { name: 'anthropic', baseUrl: 'https://api.anthropic.com/v1' };
const openai = { name: 'openai', baseUrl: 'https://api.openai.com/v1' };
const known = (first: ModelTraits, ...others: readonly ModelTraits[]): Told => ({
  deployments: [first, ...others],
  traits: first,
});

describe('[RT-3] what a model takes that its provider is called for itself', () => {
  test.each([
    ['claude-3-haiku-20240307', false, false],
    ['claude-3-5-sonnet-20241022', false, false],
    ['claude-2.1', false, false],
    ['claude-3-7-sonnet-20250219', true, false],
    ['claude-sonnet-4-20250514', true, false],
    ['claude-opus-4-1', true, false],
    ['claude-sonnet-4-5-20250929', true, false],
    ['claude-haiku-4-5', true, false],
    ['claude-sonnet-4-6', true, true],
    ['claude-opus-4-6-20260205', true, true],
    ['claude-opus-4-8', true, true],
    ['claude-sonnet-5', true, true],
    ['claude-sonnet-5-5', true, true],
    ['claude-fable-5-1', true, true],
    ['claude-mythos-preview', true, true],
    ['anthropic/claude-haiku-5-5', true, true],
    ['gpt-5', true, false],
    ['gpt-5-chat-latest', false, false],
    ['gpt-5.1-chat-latest', true, false],
    ['deepseek-reasoner', false, false],
  ])('is told by its name: %s', (model, reasons, thinksAdaptively) => {
    const traits = directTraits(anthropic, model, undefined);
    expect(traits).toMatchObject({ reasons, thinksAdaptively, alwaysThinks: thinksAdaptively });
    expect(traits).toMatchObject({ provider: 'anthropic', providerModel: model, isDirect: true });
  });

  test.each([
    ['gpt-4o', true],
    ['gpt-5.5', false],
    ['gpt-5-chat', true],
    ['gpt-5.2-chat', false],
    ['o3-mini', false],
    ['claude-sonnet-4-5', true],
    ['claude-sonnet-5', false],
  ])('is no sampling where it would be refused: %s', (model, takesSampling) => {
    expect(directTraits(openai, model, undefined)).toMatchObject({ takesSampling });
  });

  test.each([
    ['gpt-5.5', undefined],
    ['gpt-5-chat', undefined],
    ['gpt-5.2-chat-latest', ['medium']],
  ])('has the efforts that OpenAI says: %s', (model, efforts) => {
    expect(directTraits(openai, model, undefined).efforts).toEqual(efforts);
  });

  test('is what LiteLLM told of the same model while it was there, and of no other', () => {
    const told = claude({ providerModel: 'claude-sonnet-5', cacheMarks: 3, efforts: ['xhigh'] });
    expect(directTraits(anthropic, 'claude-sonnet-5', known(told))).toEqual({
      ...told,
      ...{ isDirect: true, cacheMarks: 4, hasOtherAddress: true },
    });
    expect(directTraits(anthropic, 'claude-opus-5', known(told)).efforts).toBeUndefined();
    const other = { ...told, provider: 'bedrock', efforts: ['low'] };
    expect(directTraits(anthropic, 'claude-sonnet-5', known(other, told)).efforts).toEqual(['xhigh']);
    expect(directTraits(anthropic, 'claude-sonnet-5', known(other))).toMatchObject({
      provider: 'anthropic',
      efforts: undefined,
    });
  });

  test('is at an address of its own unless it is OpenAI’s', () => {
    expect(directTraits(openai, 'gpt-5', undefined).hasOtherAddress).toBe(false);
    const local = { ...openai, baseUrl: 'http://127.0.0.1:1/v1' };
    expect(directTraits(local, 'gpt-5', undefined).hasOtherAddress).toBe(true);
  });
});
