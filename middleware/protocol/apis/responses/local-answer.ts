import type { JsonObject } from '../../../kernel/json-object.ts';
import {
  localMessagePrefix,
  localResponsePrefix,
  type LocalAnswer,
  type LocalAnswerHead,
} from '../local-answer.ts';

/** An answer of the Responses API: one message with one text. */
export const responsesAnswer: LocalAnswer = (head, text) => {
  const item = messageItem(`${localMessagePrefix}${head.id}`, text, 'completed');
  const whole = { ...responseHeadOf(head), status: 'completed', output: [item], usage: noUsage };
  const begun = { ...whole, status: 'in_progress', output: [], usage: null };
  const at = { item_id: item['id'], output_index: 0, content_index: 0 };
  const events = [
    { type: 'response.created', response: begun },
    { type: 'response.in_progress', response: begun },
    {
      type: 'response.output_item.added',
      output_index: 0,
      item: { ...item, status: 'in_progress', content: [] },
    },
    { type: 'response.content_part.added', ...at, part: textPart('') },
    { type: 'response.output_text.delta', ...at, delta: text, logprobs: [] },
    { type: 'response.output_text.done', ...at, text, logprobs: [] },
    { type: 'response.content_part.done', ...at, part: textPart(text) },
    { type: 'response.output_item.done', output_index: 0, item },
    { type: 'response.completed', response: whole },
  ];
  return {
    json: whole,
    events: events.map((event, sequence) => [
      event.type,
      JSON.stringify({ ...event, sequence_number: sequence }),
    ]),
  };
};

export function messageItem(id: string, text: string, status: string): JsonObject {
  return { id, type: 'message', status, role: 'assistant', content: [textPart(text)] };
}

/** Without `logprobs`: the client sends the part back, and only OpenAI itself takes them. */
export function textPart(text: string): JsonObject {
  return { type: 'output_text', text, annotations: [] };
}

/** As `responseHead`, of an answer of ours. */
export function responseHeadOf({ id, model, nowSeconds }: LocalAnswerHead): JsonObject {
  return responseHead(`${localResponsePrefix}${id}`, model, nowSeconds);
}

/** The members that the official SDKs say are always there; all but the status, the output and the usage. */
export function responseHead(id: string, model: string, nowSeconds: number): JsonObject {
  return {
    id,
    object: 'response',
    created_at: nowSeconds,
    model,
    access_programs: null,
    error: null,
    incomplete_details: null,
    instructions: null,
    metadata: {},
    parallel_tool_calls: true,
    temperature: null,
    tool_choice: 'auto',
    tools: [],
    top_p: null,
  };
}

const noUsage = {
  input_tokens: 0,
  input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
  output_tokens: 0,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 0,
};
