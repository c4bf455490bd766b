import type { Reasoning } from './model-request.ts';

/** Anthropic takes no less. */
export const leastBudget = 1_024;

/**
 * The tokens to think with that an effort stands for, the most first. They are LiteLLM's, whoever asks and whichever way a request
 * goes: thinking that changes, such as while LiteLLM is down, would have Anthropic's cache begin anew. Source: LiteLLM 1.109,
 * `DEFAULT_REASONING_EFFORT_…_THINKING_BUDGET`.
 */
const budgets = [
  ['max', 16_384],
  ['xhigh', 8_192],
  ['high', 4_096],
  ['medium', 2_048],
  ['low', leastBudget],
  ['minimal', leastBudget],
] as const;

/** An effort that nobody knows, and none that is named, count as medium. */
export function budgetOf(effort: string | undefined): number {
  const [, tokens = 2_048] = budgets.find(([name]) => name === effort) ?? [];
  return tokens;
}

/** The effort that tokens to think with stand for at Claude. LiteLLM goes no further than `xhigh`. Source: its `_legacy_budget_to_effort`. */
export function claudesEffortOf(budget: number): string {
  return effortWithin(budget, 'xhigh');
}

/**
 * The effort that a client asks a model for that takes no tokens to think with. It is at most high where it was not named: so has
 * LiteLLM it for other models than Claude, and nobody pays for more than was meant. Source: its `reasoning_effort_from_thinking_budget`.
 */
export function askedEffort(reasoning: Reasoning | undefined): string {
  const { effort, budgetTokens } = reasoning ?? {};
  return effort ?? (budgetTokens === undefined ? '' : effortWithin(budgetTokens, 'high'));
}

function effortWithin(budget: number, most: string): string {
  const taken = budgets.slice(budgets.findIndex(([name]) => name === most));
  const [named = 'low'] = taken.find(([, tokens]) => budget >= tokens) ?? [];
  return named;
}
