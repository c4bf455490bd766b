import type { JsonObject } from '../../../../kernel/json-object.ts';
import type { ModelRequest } from '../../../translation/model-request.ts';
import type { ModelTraits } from '../../../translation/model-traits.ts';
import { nearestEffort } from '../../../translation/nearest-effort.ts';
import { budgetOf, claudesEffortOf, leastBudget } from '../../../translation/thinking-budgets.ts';
import { isRunningTurnThought } from './turns/turn-thoughts.ts';

/** How a request has Claude think. */
export interface Thinking {
  /** The member `thinking`; `undefined` leaves it to the model. */
  readonly member: JsonObject | undefined;
  /** Of `output_config`. */
  readonly effort: string | undefined;
  readonly isOn: boolean;
  /** Whether earlier thoughts go back. */
  readonly keepsThinking: boolean;
  readonly maxTokens: number;
}

/** Where a client names no limit: room for a long file, and every current model has it. */
const usualMaxTokens = 32_000;
/** For the answer beside what is thought. */
const roomToAnswer = 8_192;

/** Anthropic's own efforts. */
const efforts = ['low', 'medium', 'high', 'xhigh', 'max'] as const;

export function thinkingFor(request: ModelRequest, traits: ModelTraits): Thinking {
  const limit = traits.maxOutputTokens ?? usualMaxTokens;
  const usual = traits.usualMaxTokens ?? usualMaxTokens;
  const asked = Math.min(request.maxOutputTokens ?? usual, limit);
  const off = { member: undefined, effort: undefined, isOn: false, keepsThinking: false, maxTokens: asked };
  if (!traits.reasons) return off;
  if (!traits.alwaysThinks && isNotToThink(request, traits))
    return traits.thinksAdaptively ? { ...off, member: { type: 'disabled' } } : off;
  if (request.reasoning === undefined)
    return { ...off, isOn: traits.thinksAdaptively, keepsThinking: traits.thinksAdaptively };
  if (traits.thinksAdaptively) return adaptive(request, traits, asked);
  const thinking = withBudget(request, limit, asked) ?? off;
  // Claude refuses to begin in the midst of a turn. That turn has no thoughts; those of others keep their places.
  return isRunningTurnThought(request.entries, traits.maker)
    ? thinking
    : { ...off, keepsThinking: thinking.isOn };
}

/** A tool that has to be called counts for more than thoughts: Claude does not take both. */
function isNotToThink({ reasoning, toolChoice }: ModelRequest, { takesForcedTools }: ModelTraits): boolean {
  const isForced = toolChoice?.kind === 'any' || toolChoice?.kind === 'tool';
  return reasoning?.effort === 'none' || (isForced && takesForcedTools);
}

function adaptive(request: ModelRequest, traits: ModelTraits, maxTokens: number): Thinking {
  const { effort, budgetTokens, isShown = true } = request.reasoning ?? {};
  const meant = effort ?? (budgetTokens === undefined ? '' : claudesEffortOf(budgetTokens));
  return {
    member: { type: 'adaptive', ...(isShown ? { display: 'summarized' } : {}) },
    effort: effortOf(meant, traits.efforts),
    isOn: true,
    keepsThinking: true,
    maxTokens,
  };
}

/** Where nobody knows what the model takes, what all of them do. */
function effortOf(effort: string, taken: readonly string[] = efforts.slice(0, 3)): string | undefined {
  return nearestEffort(
    effort,
    efforts.filter((name) => taken.includes(name)),
  );
}

/** `undefined` where there is no room for it. */
function withBudget(request: ModelRequest, limit: number, asked: number): Thinking | undefined {
  const { effort, budgetTokens } = request.reasoning ?? {};
  const wanted = budgetTokens ?? budgetOf(effort);
  // A limit of the client's counts for all that the model writes; where it names none, thoughts have room of their own.
  const maxTokens =
    request.maxOutputTokens === undefined ? Math.min(limit, Math.max(asked, wanted + roomToAnswer)) : asked;
  const budget = Math.min(wanted, maxTokens - Math.min(roomToAnswer, Math.floor(maxTokens / 2)));
  if (budget < leastBudget || budget >= maxTokens) return undefined;
  return {
    member: { type: 'enabled', budget_tokens: budget },
    effort: undefined,
    isOn: true,
    keepsThinking: true,
    maxTokens,
  };
}
