import type { Reasoning } from '../../../translation/model-request.ts';
import type { ModelTraits } from '../../../translation/model-traits.ts';

/** From the least to the most. */
const efforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;
/** What LiteLLM turns into the form of every provider that reasons. */
const usual: readonly string[] = ['low', 'medium', 'high'];

/** The nearest effort that the model takes, at or below the one that was asked for; `undefined` leaves it to the provider. */
export function effortFor(reasoning: Reasoning | undefined, traits: ModelTraits): string | undefined {
  const wanted = efforts.indexOf((reasoning?.effort ?? '') as 'low');
  if (!traits.reasons || wanted < 0) return undefined;
  const taken = efforts.filter((name) => usual.includes(name) || traits.efforts.includes(name));
  return taken.findLast((name) => efforts.indexOf(name) <= wanted) ?? (wanted === 0 ? undefined : taken[0]);
}
