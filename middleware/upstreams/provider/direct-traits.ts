import type { ProviderConfig } from '../../platform/config/config.ts';
import { isAtOpenai } from '../../platform/config/known-providers.ts';
import { openaiReasoning } from '../../protocol/translation/openai-reasoning.ts';
import type { ModelTraits } from '../../protocol/translation/model-traits.ts';
import { effortsOfChats } from '../litellm/models/efforts.ts';
import { makerAt } from '../translated/maker-of.ts';
import { takesSystemTurns } from '../translated/system-turns.ts';
import type { KnownTarget } from '../translated/target-of-model.ts';

/**
 * What a model takes that its provider is called for itself: what LiteLLM told of it while it was there, else what its
 * name tells.
 */
export function directTraits(
  provider: Pick<ProviderConfig, 'name' | 'baseUrl' | 'models'>,
  providerModel: string,
  told: Pick<KnownTarget, 'deployments' | 'traits'> | undefined,
): ModelTraits {
  const { name, baseUrl } = provider;
  const deployments = told?.deployments ?? [];
  const known = deployments.find((each) => each.provider === name && each.providerModel === providerModel);
  const traits = known ?? { ...traitsByName(providerModel), provider: name };
  const own = isLitellms(provider, known) ? (known?.maker ?? name) : makerOf(provider, deployments);
  // What any of several made, each of them takes.
  const ofAll = deployments.some((each) => each.maker === own) ? told?.traits.maker : undefined;
  const hasOtherAddress = !isAtOpenai(baseUrl);
  // The mark that LiteLLM's configuration may set is not set here.
  return { ...traits, maker: ofAll ?? own, hasOtherAddress, cacheMarks: 4, isDirect: true };
}

/** Whether who answers is whom LiteLLM calls as well. */
function isLitellms(
  { name, models }: Pick<ProviderConfig, 'name' | 'models'>,
  known: ModelTraits | undefined,
): boolean {
  return models === undefined || (known?.hasOtherAddress === false && known.maker === name);
}

/** Who is at the address of a provider, by the name that LiteLLM has for it there, where it has one. */
function makerOf(
  { name, baseUrl }: Pick<ProviderConfig, 'name' | 'baseUrl'>,
  deployments: readonly ModelTraits[],
): string {
  const there = deployments.find(
    ({ provider, maker }) => provider !== undefined && maker === makerAt(baseUrl, provider),
  );
  return there?.maker ?? makerAt(baseUrl, name);
}

/** With what is not sure to be taken left out: what a model does without is better than a refusal. */
function traitsByName(providerModel: string): Omit<ModelTraits, 'provider' | 'maker'> {
  const thinking = thinkingOf(providerModel);
  const ofChats = effortsOfChats(providerModel);
  const isOpenaisReasoning = openaiReasoning.test(providerModel) && ofChats?.length !== 0;
  return {
    providerModel,
    hasOtherAddress: false,
    takesImages: true,
    reasons: thinking !== undefined || isOpenaisReasoning,
    thinksAdaptively: thinking === 'adaptive',
    // Some of them cannot be told not to think, and refuse it.
    alwaysThinks: thinking === 'adaptive',
    efforts: isOpenaisReasoning ? ofChats : undefined,
    takesSampling: thinking !== 'adaptive' && !isOpenaisReasoning,
    takesSchema: thinking === 'adaptive',
    takesForcedTools: thinking !== 'adaptive',
    takesSystemTurns: takesSystemTurns(providerModel),
    cacheMarks: 4,
    usualMaxTokens: undefined,
    maxOutputTokens: undefined,
    isDirect: true,
  };
}

/**
 * How a Claude thinks. Sonnet 3.7 and Claude 4 up to 4.5 within a budget, those after it as long as they want. Source:
 * Anthropic API, "Extended thinking", "Adaptive thinking".
 */
function thinkingOf(model: string): 'budget' | 'adaptive' | undefined {
  const [, name = ''] = /claude-(.*)$/.exec(model) ?? [];
  if (name === '') return undefined;
  if (/^3-7\b/.test(name)) return 'budget';
  if (/^[123](?:\b|-)|^instant/.test(name)) return undefined;
  const [, major = '', minor = ''] = /^[a-z]+-(\d+)(?:-(\d{1,2}))?(?!\d)/.exec(name) ?? [];
  if (major === '4' && Number(minor || '0') < 6) return 'budget';
  return 'adaptive';
}
