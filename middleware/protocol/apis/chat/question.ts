import type { JsonObject } from '../../../kernel/json-object.ts';
import { questionContent } from '../common/question-content.ts';
import type { ModelQuestion } from '../model-question.ts';
import { chatImage } from './image.ts';

/** Instructions are a message of their own. */
export function chatQuestion({ model, instructions, messages, maxTokens, tools }: ModelQuestion): JsonObject {
  const functions = tools.map((tool) => ({ type: 'function', function: tool }));
  return {
    model,
    messages: [
      { role: 'system', content: instructions },
      ...messages.map((message) => ({ role: message.role, content: questionContent(message, chatImage) })),
    ],
    ...(maxTokens !== undefined && { max_completion_tokens: maxTokens }),
    ...(tools.length > 0 && { tools: functions }),
    stream: true,
    stream_options: { include_usage: true },
  };
}
