import {
  localMessagePrefix,
  localResponsePrefix,
  type LocalAnswer,
  type LocalAnswerHead,
} from '../local-answer.ts';

/** An answer of the Responses API: one message with one text. */
export const responsesAnswer: LocalAnswer = (head, text) => {
  const item = {
    id: `${localMessagePrefix}${head.id}`,
    type: 'message',
    status: 'completed',
    role: 'assistant',
    content: [textPart(text)],
  };
  const whole = { ...responseObject(head), status: 'completed', output: [item], usage: noUsage };
  const begun = { ...whole, status: 'in_progress', output: [], usage: null };
  const at = { item_id: item.id, output_index: 0, content_index: 0 };
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

/** Without `logprobs`: the client sends the part back, and only OpenAI itself takes them. */
function textPart(text: string): Readonly<Record<string, unknown>> {
  return { type: 'output_text', text, annotations: [] };
}

/** The members that the official SDKs say are always there; all but the status, the output and the usage. */
export function responseObject({
  id,
  model,
  nowSeconds,
}: LocalAnswerHead): Readonly<Record<string, unknown>> {
  return {
    id: `${localResponsePrefix}${id}`,
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
