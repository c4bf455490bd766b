import type { JsonObject } from '../../../kernel/json-object.ts';
import type { ModelQuestion, QuestionForm } from '../model-question.ts';

/** The ChatGPT backend gives nothing but streams, nor does it store anything or take a limit for the answer. */
export function responsesQuestion(
  { model, instructions, prompt, tools }: ModelQuestion,
  { isLite, keepsReasoning }: QuestionForm,
): JsonObject {
  const functions = tools.map((tool) => ({ type: 'function', ...tool, strict: false }));
  const asked = message('user', prompt);
  const common = {
    stream: true,
    store: false,
    ...(tools.length > 0 && { tool_choice: 'auto', parallel_tool_calls: false }),
    ...(keepsReasoning && { include: ['reasoning.encrypted_content'] }),
  };
  if (!isLite) {
    const offered = tools.length > 0 ? { tools: functions } : {};
    return { model, instructions, input: [asked], ...offered, ...common };
  }
  const offered = { type: 'additional_tools', role: 'developer', tools: functions };
  const told = message('developer', instructions);
  return { model, input: [...(tools.length > 0 ? [offered] : []), told, asked], ...common };
}

function message(role: string, text: string): JsonObject {
  return { type: 'message', role, content: [{ type: 'input_text', text }] };
}
