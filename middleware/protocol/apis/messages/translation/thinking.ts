import type { JsonObject } from '../../../../kernel/json-object.ts';
import type { Entry, ModelRequest } from '../../../translation/model-request.ts';
import type { ModelTraits } from '../../../translation/model-traits.ts';
import { nearestEffort } from '../../../translation/nearest-effort.ts';
import { goesBackTo } from '../../../translation/original.ts';
import { isOfModel } from '../../../translation/steps.ts';

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

/** Anthropic takes no less. */
const leastBudget = 1_024;
/** Where a client names no limit: room for a long file, and every current model has it. */
const usualMaxTokens = 32_000;
/** For the answer beside what is thought. */
const roomToAnswer = 8_192;

const budgets: ReadonlyMap<string, number> = new Map([
  ['minimal', leastBudget],
  ['low', 2_048],
  ['medium', 8_192],
  ['high', 16_384],
  ['xhigh', 24_576],
  ['max', 32_768],
]);

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
  return withBudget(request, { limit, asked, maker: traits.maker }) ?? off;
}

/** A tool that has to be called counts for more than thoughts: Claude does not take both. */
function isNotToThink({ reasoning, toolChoice }: ModelRequest, { takesForcedTools }: ModelTraits): boolean {
  const isForced = toolChoice?.kind === 'any' || toolChoice?.kind === 'tool';
  return reasoning?.effort === 'none' || (isForced && takesForcedTools);
}

function adaptive(request: ModelRequest, traits: ModelTraits, maxTokens: number): Thinking {
  const { effort = '', isShown = true } = request.reasoning ?? {};
  return {
    member: { type: 'adaptive', ...(isShown ? { display: 'summarized' } : {}) },
    effort: effortOf(effort, traits.efforts),
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

/** `undefined` where there is no room for it, or the running turn began without it: Claude refuses to begin in its midst. */
function withBudget(
  request: ModelRequest,
  {
    limit,
    asked,
    maker,
  }: { readonly limit: number; readonly asked: number; readonly maker: string | undefined },
): Thinking | undefined {
  const { effort = 'medium', budgetTokens } = request.reasoning ?? {};
  if (!isRunningTurnThought(request.entries, maker)) return undefined;
  const wanted = budgetTokens ?? budgets.get(effort) ?? 8_192;
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

/**
 * Whether the running tool loop begins with a thought of the model's own provider. All of the loop is one turn to Claude, whose
 * later steps may go without. Source: "Thinking in tool and multi-turn workflows" of Anthropic's documentation.
 */
function isRunningTurnThought(all: readonly Entry[], maker: string | undefined): boolean {
  // Thoughts of another provider do not go along, nor those that were never signed.
  const entries = all.filter(
    (entry) =>
      entry.kind !== 'reasoning' ||
      (goesBackTo(maker, 'anthropic', entry.original) && entry.original.blocks.length > 0),
  );
  const turn = entries.slice(beginOfTurn(entries)).filter(isOfModel);
  return turn[0]?.kind === 'reasoning' || turn.every(({ kind }) => kind !== 'call');
}

/** Behind the user's last words, but for those that stand with results of calls: they belong to the running turn. */
function beginOfTurn(entries: readonly Entry[]): number {
  let saidAt: number | undefined;
  for (let at = entries.length - 1; at >= 0; at -= 1) {
    const entry = entries[at];
    if (entry?.kind === 'result') saidAt = undefined;
    else if (entry === undefined || !isOfModel(entry)) saidAt ??= at;
    else if (saidAt !== undefined) return saidAt + 1;
  }
  return saidAt === undefined ? 0 : saidAt + 1;
}
