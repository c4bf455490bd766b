import type { LocalAnswer, LocalAnswerHead } from '../local-answer.ts';

export type Choice = Readonly<Record<string, unknown>>;

/** What an answer of ours says in each of its chunks. */
export function objectOf(
  id: string,
  object: string,
  { model, nowSeconds }: LocalAnswerHead,
): Readonly<Record<string, unknown>> {
  return { id, object, created: nowSeconds, model };
}

/** Where the usage is asked for, it comes in a chunk of its own without choices, and is null in all before. */
export function chunks(
  object: Readonly<Record<string, unknown>>,
  includeUsage: boolean,
  choices: readonly Choice[],
): ReturnType<LocalAnswer>['events'] {
  const others = choices.map((choice) => ({
    ...object,
    choices: [choice],
    ...(includeUsage ? { usage: null } : {}),
  }));
  const usage = includeUsage ? [{ ...object, choices: [], usage: noUsage }] : [];
  return [...[...others, ...usage].map((chunk) => JSON.stringify(chunk)), '[DONE]'].map((data) => [
    undefined,
    data,
  ]);
}

export const noUsage = {
  prompt_tokens: 0,
  completion_tokens: 0,
  total_tokens: 0,
  prompt_tokens_details: { cached_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 0 },
};
