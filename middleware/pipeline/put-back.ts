import type { HiddenTurn } from '../features/sessions/session-turns.ts';
import { StateKey } from '../kernel/exchange-state.ts';
import type { Exchange } from '../kernel/exchange.ts';
import type { AnswerFailure } from '../protocol/apis/answer-failure.ts';
import type { HistoryItem } from '../protocol/apis/history-item.ts';

/** What of answers that broke stands in a request again. */
export interface PutBack {
  readonly turns: readonly HiddenTurn[];
  /** What ran in those that this request was sent before, and the key of what they answered. */
  readonly retried: { readonly historyItems: readonly HistoryItem[]; readonly behind: string } | undefined;
}

export const putBackKey = new StateKey<PutBack>('put back of answers that broke');

const refusedKey = new StateKey<boolean>('refused by the provider');

/** Answers that say nothing of what is in a request: another key, model or moment helps. */
const saysNothing = new Set([401, 402, 404, 408, 409, 425, 429]);

function refusesContent(status: number): boolean {
  return status >= 400 && status < 500 && !saysNothing.has(status);
}

/** The codes of answers that failed over what is in their request: a length, a policy, a picture. */
const contentCodes = /context|content|policy|filter|image|too_(?:long|large)|invalid_(?:prompt|request)/i;

/**
 * Takes note that a provider refused a request as it came from its client, all but what was put back: that is not put
 * back again in the same form.
 */
export function noteRefusedRequest({ state }: Exchange, status: number): void {
  if (refusesContent(status)) refuse(state);
}

/** Takes note that a provider refused to go on with an answer: what was told to the model in it is not put back as it is. */
export function noteRefusedRound({ state }: Exchange, status: number): void {
  if (refusesContent(status)) state.set(refusedKey, true);
}

/** The same where an answer itself says that it failed. */
export function noteFailedRound({ state }: Exchange, { code = '' }: AnswerFailure, isFirst: boolean): void {
  if (!contentCodes.test(code)) return;
  if (isFirst) refuse(state);
  else state.set(refusedKey, true);
}

/** How often what an exchange told the model was refused. */
export function refusalsIn({ state }: Exchange): number {
  return state.get(refusedKey) === true ? 1 : 0;
}

function refuse(state: Exchange['state']): void {
  for (const turn of state.get(putBackKey)?.turns ?? []) turn.refusals = (turn.refusals ?? 0) + 1;
}
