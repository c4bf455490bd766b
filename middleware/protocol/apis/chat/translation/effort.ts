import type { Reasoning } from '../../../translation/model-request.ts';
import type { ModelTraits } from '../../../translation/model-traits.ts';
import { nearestEffort } from '../../../translation/nearest-effort.ts';
import { askedEffort } from '../../../translation/thinking-budgets.ts';

/** Where nobody knows more, what LiteLLM turns into the form of every provider that reasons. */
const usual: readonly string[] = ['low', 'medium', 'high'];

/** The nearest effort that the model takes; `undefined` leaves it to the provider. */
export function effortFor(reasoning: Reasoning | undefined, traits: ModelTraits): string | undefined {
  const effort = askedEffort(reasoning);
  // A model that cannot do without thinks as little as its provider has it.
  const taken = traits.efforts ?? usual;
  const isLeft = effort === 'none' && !taken.includes('none');
  return traits.reasons && !isLeft ? nearestEffort(effort, taken) : undefined;
}
