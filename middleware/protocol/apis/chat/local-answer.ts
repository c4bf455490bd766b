import type { LocalAnswer, LocalAnswerHead } from '../../local-answer.ts';

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

type Choice = Readonly<Record<string, unknown>>;

function objectOf(
  id: string,
  object: string,
  { model, nowSeconds }: LocalAnswerHead,
): Readonly<Record<string, unknown>> {
  return { id, object, created: nowSeconds, model };
}

/** Where the usage is asked for, it comes in a chunk of its own without choices, and is null in all before. */
function chunks(
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

const noUsage = {
  prompt_tokens: 0,
  completion_tokens: 0,
  total_tokens: 0,
  prompt_tokens_details: { cached_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 0 },
};
