import type { ModelTraits } from '../../../middleware/protocol/translation/model-traits.ts';

const usual: ModelTraits = {
  provider: undefined,
  maker: undefined,
  providerModel: 'm',
  hasOtherAddress: false,
  takesImages: true,
  reasons: true,
  thinksAdaptively: true,
  alwaysThinks: false,
  efforts: ['low', 'medium', 'high', 'xhigh', 'max'],
  takesSampling: false,
  takesSchema: true,
  takesForcedTools: true,
  takesSystemTurns: true,
  cacheMarks: 4,
  usualMaxTokens: undefined,
  maxOutputTokens: 64_000,
  isDirect: false,
};

/** A Claude, unless said otherwise one that thinks as long as it wants. */
export function claude(traits: Partial<ModelTraits>): ModelTraits {
  const { provider = 'anthropic' } = traits;
  return { ...usual, provider, maker: provider, ...traits };
}

/** A model that is called through the Chat Completions API, unless said otherwise one that does not reason. */
export function plainChat(traits: Partial<ModelTraits>): ModelTraits {
  return {
    ...usual,
    reasons: false,
    thinksAdaptively: false,
    efforts: undefined,
    takesSampling: true,
    maker: traits.provider,
    ...traits,
  };
}

/** A model that is called through the Responses API, unless said otherwise one that reasons. */
export function openai(traits: Partial<ModelTraits>): ModelTraits {
  const efforts = ['minimal', 'low', 'medium', 'high'];
  const { provider = 'openai' } = traits;
  return { ...usual, provider, maker: provider, thinksAdaptively: false, efforts, ...traits };
}
