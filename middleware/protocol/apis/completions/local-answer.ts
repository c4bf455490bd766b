import { chunks, noUsage, objectOf, type Choice } from '../chat/local-chunks.ts';
import type { LocalAnswer } from '../local-answer.ts';

/** An answer of the legacy Completions API. */
export const completionsAnswer: LocalAnswer = (head, text) => {
  const object = objectOf(`cmpl-codexplus-${head.id}`, 'text_completion', head);
  const choice = (piece: string, reason: string | null = null): Choice => ({
    index: 0,
    text: piece,
    logprobs: null,
    finish_reason: reason,
  });
  return {
    json: { ...object, choices: [choice(text, 'stop')], usage: noUsage },
    events: chunks(object, head.includeUsage, [choice(text), choice('', 'stop')]),
  };
};
