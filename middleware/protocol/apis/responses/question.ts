import type { JsonObject } from '../../../kernel/json-object.ts';
import type { ModelQuestion, QuestionForm, QuestionMessage } from '../model-question.ts';
import { responsesImage } from './image.ts';

/** The ChatGPT backend gives nothing but streams, nor does it store anything or take a limit for the answer. */
export function responsesQuestion(
  { model, instructions, messages, maxTokens, tools }: ModelQuestion,
  { isLite, keepsReasoning, takesLimit }: QuestionForm,
): JsonObject {
  const functions = tools.map((tool) => ({ type: 'function', ...tool, strict: false }));
  const asked = messages.map(itemOf);
  const common = {
    stream: true,
    store: false,
    ...(maxTokens !== undefined && takesLimit && { max_output_tokens: maxTokens }),
    ...(tools.length > 0 && { tool_choice: 'auto', parallel_tool_calls: false }),
    ...(keepsReasoning && { include: ['reasoning.encrypted_content'] }),
  };
  if (!isLite) {
    const offered = tools.length > 0 ? { tools: functions } : {};
    return { model, instructions, input: asked, ...offered, ...common };
  }
  const offered = { type: 'additional_tools', role: 'developer', tools: functions };
  const told = message('developer', instructions);
  return { model, input: [...(tools.length > 0 ? [offered] : []), told, ...asked], ...common };
}

function itemOf(said: QuestionMessage): JsonObject {
  const content =
    said.role === 'assistant'
      ? [{ type: 'output_text', text: said.text }]
      : said.parts.map((part) => (part.kind === 'text' ? inputText(part.text) : responsesImage(part)));
  return { type: 'message', role: said.role, content };
}

function message(role: string, text: string): JsonObject {
  return { type: 'message', role, content: [inputText(text)] };
}

function inputText(text: string): JsonObject {
  return { type: 'input_text', text };
}
