import type { Facts } from './facts.ts';
import type { Finding } from './finding.ts';

/** Whether the cost of every model is known: budgets and metrics count one without a price as free. */
export function checkPrices({ litellm }: Facts): Finding[] {
  const unpriced = litellm?.unpriced;
  if (unpriced === undefined) return [];
  if (unpriced.length === 0) return [{ id: 'prices', level: 'ok', what: 'every model has a price' }];
  return [
    {
      id: 'prices',
      level: 'warning',
      what: `LiteLLM has no price for ${unpriced.join(', ')}: budgets and metrics count ${unpriced.length === 1 ? 'it' : 'them'} as free`,
      where: 'litellm_config.yaml',
      todo: 'add input_cost_per_token and output_cost_per_token to litellm_params, unless it is free',
    },
  ];
}
