import type { Item } from './step.ts';

/** What a model answers, in the shape of one API. */
export interface Shape {
  readonly json: (model: string, items: readonly Item[]) => unknown;
  /** The events of the stream: name (where the API has one) and data. */
  readonly events: (
    model: string,
    items: readonly Item[],
  ) => readonly (readonly [event: string | undefined, data: string])[];
}

/** Tokens that every scripted answer reports. */
const scriptedUsage = { input: 100, cached: 40, output: 10, reasoning: 4 } as const;

/** The pieces in which a text is streamed. */
function pieces(text: string): string[] {
  return text.match(/[\s\S]{1,7}/gu) ?? [];
}

function responsesItem(item: Item, index: number): Record<string, unknown> {
  if (item.kind === 'text') {
    const content = [{ type: 'output_text', text: item.text, annotations: [], logprobs: [] }];
    return { id: `msg_${index}`, type: 'message', status: 'completed', role: 'assistant', content };
  }
  return {
    id: `fc_${index}`,
    type: 'function_call',
    status: 'completed',
    name: item.name,
    arguments: JSON.stringify(item.arguments),
    call_id: item.callId,
  };
}

const responsesUsage = {
  input_tokens: scriptedUsage.input,
  input_tokens_details: { cached_tokens: scriptedUsage.cached },
  output_tokens: scriptedUsage.output,
  output_tokens_details: { reasoning_tokens: scriptedUsage.reasoning },
  total_tokens: scriptedUsage.input + scriptedUsage.output,
};

function responsesObject(model: string, items: readonly Item[]): Record<string, unknown> {
  return {
    id: 'resp_scripted',
    object: 'response',
    created_at: 1_790_000_000,
    status: 'completed',
    model,
    output: items.map(responsesItem),
    parallel_tool_calls: true,
    tool_choice: 'auto',
    tools: [],
    usage: responsesUsage,
  };
}

export const responses: Shape = {
  json: responsesObject,
  events: (model, items) => {
    const whole = responsesObject(model, items);
    const begun = { ...whole, status: 'in_progress', output: [], usage: null };
    const events: Record<string, unknown>[] = [
      { type: 'response.created', response: begun },
      { type: 'response.in_progress', response: begun },
      ...items.flatMap((item, index) => responsesItemEvents(item, index)),
      { type: 'response.completed', response: whole },
    ];
    return events.map((event, sequence) => [
      String(event['type']),
      JSON.stringify({ ...event, sequence_number: sequence }),
    ]);
  },
};

function responsesItemEvents(item: Item, output_index: number): Record<string, unknown>[] {
  const done = responsesItem(item, output_index);
  const item_id = done['id'];
  const end = { type: 'response.output_item.done', output_index, item: done };
  if (item.kind === 'call') {
    const text = String(done['arguments']);
    return [
      {
        type: 'response.output_item.added',
        output_index,
        item: { ...done, status: 'in_progress', arguments: '' },
      },
      { type: 'response.function_call_arguments.delta', item_id, output_index, delta: text },
      { type: 'response.function_call_arguments.done', item_id, output_index, arguments: text },
      end,
    ];
  }
  const at = { item_id, output_index, content_index: 0 };
  const part = { type: 'output_text', text: '', annotations: [], logprobs: [] };
  return [
    {
      type: 'response.output_item.added',
      output_index,
      item: { ...done, status: 'in_progress', content: [] },
    },
    { type: 'response.content_part.added', ...at, part },
    ...pieces(item.text).map((delta) => ({ type: 'response.output_text.delta', ...at, delta, logprobs: [] })),
    { type: 'response.output_text.done', ...at, text: item.text, logprobs: [] },
    { type: 'response.content_part.done', ...at, part: { ...part, text: item.text } },
    end,
  ];
}

const chatUsage = {
  prompt_tokens: scriptedUsage.input,
  prompt_tokens_details: { cached_tokens: scriptedUsage.cached },
  completion_tokens: scriptedUsage.output,
  completion_tokens_details: { reasoning_tokens: scriptedUsage.reasoning },
  total_tokens: scriptedUsage.input + scriptedUsage.output,
};

function chatCall(item: Extract<Item, { kind: 'call' }>, index: number): Record<string, unknown> {
  const call = { name: item.name, arguments: JSON.stringify(item.arguments) };
  return { index, id: item.callId, type: 'function', function: call };
}

function finishReason(items: readonly Item[]): string {
  return items.some(({ kind }) => kind === 'call') ? 'tool_calls' : 'stop';
}

export const chat: Shape = {
  json: (model, items) => {
    const text = items.flatMap((item) => (item.kind === 'text' ? [item.text] : [])).join('');
    const toolCalls = items.flatMap((item, index) => (item.kind === 'call' ? [chatCall(item, index)] : []));
    const message = {
      role: 'assistant',
      content: text,
      ...(toolCalls.length > 0 ? { tool_calls: toolCalls } : {}),
    };
    return {
      id: 'chatcmpl-scripted',
      object: 'chat.completion',
      created: 1_790_000_000,
      model,
      choices: [{ index: 0, message, finish_reason: finishReason(items) }],
      usage: chatUsage,
    };
  },
  events: (model, items) => {
    const chunk = (choices: unknown[], more: object = {}): readonly [undefined, string] => [
      undefined,
      JSON.stringify({
        id: 'chatcmpl-scripted',
        object: 'chat.completion.chunk',
        created: 1_790_000_000,
        model,
        choices,
        ...more,
      }),
    ];
    const delta = (content: object, reason: string | null = null): readonly [undefined, string] =>
      chunk([{ index: 0, delta: content, finish_reason: reason }]);
    return [
      delta({ role: 'assistant', content: '' }),
      ...items.flatMap((item, index) =>
        item.kind === 'text'
          ? pieces(item.text).map((content) => delta({ content }))
          : [delta({ tool_calls: [chatCall(item, index)] })],
      ),
      delta({}, finishReason(items)),
      chunk([], { usage: chatUsage }),
      [undefined, '[DONE]'],
    ];
  },
};

function messagesBlock(item: Item): Record<string, unknown> {
  return item.kind === 'text'
    ? { type: 'text', text: item.text }
    : { type: 'tool_use', id: item.callId, name: item.name, input: item.arguments };
}

const messagesInput = {
  input_tokens: scriptedUsage.input - scriptedUsage.cached,
  cache_read_input_tokens: scriptedUsage.cached,
  cache_creation_input_tokens: 0,
};

export const messages: Shape = {
  json: (model, items) => ({
    id: 'msg_scripted',
    type: 'message',
    role: 'assistant',
    model,
    content: items.map(messagesBlock),
    stop_reason: stopReason(items),
    stop_sequence: null,
    usage: { ...messagesInput, output_tokens: scriptedUsage.output },
  }),
  events: (model, items) => {
    const start = { id: 'msg_scripted', type: 'message', role: 'assistant', model, content: [] };
    const usage = { ...messagesInput, output_tokens: 1 };
    const events: Record<string, unknown>[] = [
      { type: 'message_start', message: { ...start, stop_reason: null, stop_sequence: null, usage } },
      { type: 'ping' },
      ...items.flatMap((item, index) => messagesBlockEvents(item, index)),
      {
        type: 'message_delta',
        delta: { stop_reason: stopReason(items), stop_sequence: null },
        usage: { output_tokens: scriptedUsage.output },
      },
      { type: 'message_stop' },
    ];
    return events.map((event) => [String(event['type']), JSON.stringify(event)]);
  },
};

function stopReason(items: readonly Item[]): string {
  return items.some(({ kind }) => kind === 'call') ? 'tool_use' : 'end_turn';
}

function messagesBlockEvents(item: Item, index: number): Record<string, unknown>[] {
  const block = messagesBlock(item);
  const empty = item.kind === 'text' ? { ...block, text: '' } : { ...block, input: {} };
  const deltas =
    item.kind === 'text'
      ? pieces(item.text).map((text) => ({ type: 'text_delta', text }))
      : [{ type: 'input_json_delta', partial_json: JSON.stringify(item.arguments) }];
  return [
    { type: 'content_block_start', index, content_block: empty },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ];
}
