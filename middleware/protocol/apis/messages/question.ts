import type { JsonObject } from '../../../kernel/json-object.ts';
import type { ModelQuestion } from '../model-question.ts';

/** The API wants a limit. Enough for the input of a tool, and for a model that thinks aloud first. */
const maxTokens = 4_096;

/** Instructions stand beside the conversation. */
export function messagesQuestion({ model, instructions, prompt, tools }: ModelQuestion): JsonObject {
  return {
    model,
    max_tokens: maxTokens,
    system: instructions,
    messages: [{ role: 'user', content: prompt }],
    ...(tools.length > 0 && {
      tools: tools.map(({ name, description, parameters }) => ({
        ...{ name, description },
        input_schema: parameters,
      })),
    }),
    stream: true,
  };
}
