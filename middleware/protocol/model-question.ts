import type { Api } from '../kernel/exchange.ts';
import type { JsonObject } from '../kernel/json-object.ts';

/** A question of our own to a model, which begins a conversation that is no client's. */
export interface ModelQuestion {
  readonly model: string;
  readonly instructions: string;
  readonly prompt: string;
  readonly tools: readonly {
    readonly name: string;
    readonly description: string;
    readonly parameters: JsonObject;
  }[];
}

/** How a client of the Responses API writes its own requests; a model may be served in one form only. */
export interface QuestionForm {
  /** Tools and instructions are items of the conversation (Codex, for most models). */
  readonly isLite: boolean;
  /** Reasoning comes encrypted, to be sent back. */
  readonly keepsReasoning: boolean;
}

/**
 * The body of a question, always streamed: the ChatGPT backend gives nothing else, nor does it store anything or take a limit for
 * the answer. Chat Completions stands for the legacy API as well, which has no instructions and no tools.
 */
export function questionBody(api: Api, question: ModelQuestion, form: QuestionForm): JsonObject {
  switch (api) {
    case 'responses':
      return responsesBody(question, form);
    case 'messages':
      return messagesBody(question);
    case 'chat':
    case 'completions':
      return chatBody(question);
  }
}

function responsesBody(
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

function chatBody({ model, instructions, prompt, tools }: ModelQuestion): JsonObject {
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

/** The API wants a limit. Enough for the input of a tool, and for a model that thinks aloud first. */
const maxTokens = 4_096;

function messagesBody({ model, instructions, prompt, tools }: ModelQuestion): JsonObject {
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
