import type { JsonObject } from '../../../kernel/json-object.ts';
import type { Reasoning } from '../../translation/model-request.ts';
import { objectAt, textAt } from './read-event.ts';

/** From here on an effort is at least medium, and high, where a client counts tokens to think with instead. */
const mediumBudget = 4_096;
const highBudget = 16_384;

/**
 * The thinking that Anthropic's `thinking` asks for, which clients of LiteLLM send to its Chat Completions API as well,
 * with the effort that the client names beside it. `undefined` where it says nothing of either.
 */
export function askedThinking(body: JsonObject, named: string): Reasoning | undefined {
  const thinking = objectAt(body, 'thinking');
  const type = textAt(thinking, 'type');
  if (type === 'disabled') return { effort: 'none', budgetTokens: undefined, isShown: false };
  const { budget_tokens: budget } = thinking;
  const budgetTokens = typeof budget === 'number' ? budget : undefined;
  if (named === '' && type === '') return undefined;
  const effort = named === '' ? effortOf(budgetTokens) : named;
  return { effort, budgetTokens, isShown: thinking['display'] !== 'omitted' };
}

function effortOf(budget: number | undefined): string | undefined {
  if (budget === undefined) return undefined;
  if (budget < mediumBudget) return 'low';
  return budget < highBudget ? 'medium' : 'high';
}
