import type { JsonObject } from '../../../kernel/json-object.ts';
import type { ModelQuestion } from '../model-question.ts';

/** Instructions are a message of their own. */
export function chatQuestion({ model, instructions, prompt, tools }: ModelQuestion): JsonObject {
  const functions = tools.map((tool) => ({ type: 'function', function: tool }));
  return {
    model,
    messages: [
      { role: 'system', content: instructions },
      { role: 'user', content: prompt },
    ],
    ...(tools.length > 0 && { tools: functions }),
    stream: true,
    stream_options: { include_usage: true },
  };
}
