import type { LocalAnswer } from '../local-answer.ts';
import { chunks, noUsage, objectOf, type Choice } from './local-chunks.ts';

/** An answer of the Chat Completions API: the role first, then the text, then why it ended. */
export const chatAnswer: LocalAnswer = (head, text) => {
  const id = `chatcmpl-codexplus-${head.id}`;
  const message = { role: 'assistant', content: text, refusal: null };
  const delta = (content: object, reason: string | null = null): Choice => ({
    index: 0,
    delta: content,
    logprobs: null,
    finish_reason: reason,
  });
  return {
    json: {
      ...objectOf(id, 'chat.completion', head),
      choices: [{ index: 0, message, logprobs: null, finish_reason: 'stop' }],
      usage: noUsage,
    },
    events: chunks(objectOf(id, 'chat.completion.chunk', head), head.includeUsage, [
      delta({ role: 'assistant', content: '' }),
      delta({ content: text }),
      delta({}, 'stop'),
    ]),
  };
};
