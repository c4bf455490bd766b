import type { JsonObject } from '../../../kernel/json-object.ts';
import type { Reasoning } from '../../translation/model-request.ts';
import { objectAt, textAt } from './read-event.ts';

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
  return { effort: named || undefined, budgetTokens, isShown: thinking['display'] !== 'omitted' };
}
