import type { JsonObject } from '../../../kernel/json-object.ts';
import { questionContent } from '../common/question-content.ts';
import type { ModelQuestion } from '../model-question.ts';
import { messagesImage } from './image.ts';

/** The API wants a limit. Enough for the input of a tool, and for a model that thinks aloud first. */
const defaultMaxTokens = 4_096;

/** Instructions stand beside the conversation. */
export function messagesQuestion({
  model,
  instructions,
  messages,
  maxTokens = defaultMaxTokens,
  tools,
}: ModelQuestion): JsonObject {
  return {
    model,
    max_tokens: maxTokens,
    system: instructions,
    messages: messages.map((message) => ({
      role: message.role,
      content: questionContent(message, messagesImage),
    })),
    ...(tools.length > 0 && {
      tools: tools.map(({ name, description, parameters }) => ({
        ...{ name, description },
        input_schema: parameters,
      })),
    }),
    stream: true,
  };
}
