import type { Item } from './step.ts';

/** What a model answers, in the shape of one API. */
export interface Shape {
  /** `turn`: makes the ids of an answer other ones. */
  readonly json: (model: string, items: readonly Item[], turn: number) => unknown;
  /** The events of the stream: name (where the API has one) and data. */
  readonly events: (
    model: string,
    items: readonly Item[],
    turn: number,
  ) => readonly (readonly [event: string | undefined, data: string])[];
}

/** Tokens that every scripted answer reports. */
export const scriptedUsage = { input: 100, cached: 40, output: 10, reasoning: 4 } as const;

/** The pieces in which a text is streamed. */
function pieces(text: string): string[] {
  return text.match(/[\s\S]{1,7}/gu) ?? [];
}

/** A name that an answer of another turn does not have. */
function unique(name: string, turn: number): string {
  return turn === 0 ? name : `${name}_${turn}`;
}

function responsesItem(item: Item, index: number, turn: number): Record<string, unknown> {
  const id = (kind: string): string => unique(`${kind}_${index}`, turn);
  if (item.kind === 'text') {
    const content = [{ type: 'output_text', text: item.text, annotations: [], logprobs: [] }];
    return { id: id('msg'), type: 'message', status: 'completed', role: 'assistant', content };
  }
  if (item.kind === 'reasoning') {
    const summary = [{ type: 'summary_text', text: item.text }];
    return { id: id('rs'), type: 'reasoning', summary, encrypted_content: item.seal };
  }
  const common = { status: 'completed', name: item.name, call_id: item.callId };
  if (item.kind === 'custom') {
    return { id: id('ctc'), type: 'custom_tool_call', ...common, input: item.input };
  }
  return {
    id: id('fc'),
    type: 'function_call',
    ...common,
    ...(item.namespace === undefined ? {} : { namespace: item.namespace }),
    arguments: JSON.stringify(item.arguments),
  };
}

const responsesUsage = {
  input_tokens: scriptedUsage.input,
  input_tokens_details: { cached_tokens: scriptedUsage.cached },
  output_tokens: scriptedUsage.output,
  output_tokens_details: { reasoning_tokens: scriptedUsage.reasoning },
  total_tokens: scriptedUsage.input + scriptedUsage.output,
};

function responsesObject(model: string, items: readonly Item[], turn: number): Record<string, unknown> {
  return {
    id: unique('resp_scripted', turn),
    object: 'response',
    created_at: 1_790_000_000,
    status: 'completed',
    model,
    output: items.map((item, index) => responsesItem(item, index, turn)),
    parallel_tool_calls: true,
    tool_choice: 'auto',
    tools: [],
    usage: responsesUsage,
  };
}

export const responses: Shape = {
  json: responsesObject,
  events: (model, items, turn) => {
    const whole = responsesObject(model, items, turn);
    const begun = { ...whole, status: 'in_progress', output: [], usage: null };
    const events: Record<string, unknown>[] = [
      { type: 'response.created', response: begun },
      { type: 'response.in_progress', response: begun },
      ...items.flatMap((item, index) => responsesItemEvents(item, index, turn)),
      { type: 'response.completed', response: whole },
    ];
    return events.map((event, sequence) => [
      String(event['type']),
      JSON.stringify({ ...event, sequence_number: sequence }),
    ]);
  },
};

function responsesItemEvents(item: Item, output_index: number, turn: number): Record<string, unknown>[] {
  const done = responsesItem(item, output_index, turn);
  const item_id = done['id'];
  const end = { type: 'response.output_item.done', output_index, item: done };
  if (item.kind === 'reasoning') {
    return [{ type: 'response.output_item.added', output_index, item: { ...done, summary: [] } }, end];
  }
  if (item.kind !== 'text') {
    const [member, event] =
      item.kind === 'call'
        ? (['arguments', 'function_call_arguments'] as const)
        : (['input', 'custom_tool_call_input'] as const);
    const text = String(done[member]);
    return [
      {
        type: 'response.output_item.added',
        output_index,
        item: { ...done, status: 'in_progress', [member]: '' },
      },
      ...pieces(text).map((delta) => ({ type: `response.${event}.delta`, item_id, output_index, delta })),
      { type: `response.${event}.done`, item_id, output_index, [member]: text },
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

type CallItem = Extract<Item, { kind: 'call' | 'custom' }>;

function isCall(item: Item): item is CallItem {
  return item.kind === 'call' || item.kind === 'custom';
}

function chatCall(item: CallItem): Record<string, unknown> {
  if (item.kind === 'custom') {
    return { id: item.callId, type: 'custom', custom: { name: item.name, input: item.input } };
  }
  const call = { name: item.name, arguments: JSON.stringify(item.arguments) };
  return { id: item.callId, type: 'function', function: call };
}

/** A call in the pieces that it is streamed in: its name first, then its input. */
function chatCallDeltas(item: CallItem, index: number): Record<string, unknown>[] {
  const whole = chatCall(item);
  const [kind, member, text] =
    item.kind === 'call'
      ? (['function', 'arguments', JSON.stringify(item.arguments)] as const)
      : (['custom', 'input', item.input] as const);
  const begun = { index, ...whole, [kind]: { name: item.name, [member]: '' } };
  return [begun, ...pieces(text).map((piece) => ({ index, [kind]: { [member]: piece } }))];
}

function finishReason(items: readonly Item[]): string {
  return items.some(isCall) ? 'tool_calls' : 'stop';
}

export const chat: Shape = {
  json: (model, items, turn) => {
    const text = items.flatMap((item) => (item.kind === 'text' ? [item.text] : [])).join('');
    const toolCalls = items.filter(isCall).map(chatCall);
    const message = {
      role: 'assistant',
      content: text,
      ...(toolCalls.length > 0 ? { tool_calls: toolCalls } : {}),
    };
    return {
      id: unique('chatcmpl-scripted', turn),
      object: 'chat.completion',
      created: 1_790_000_000,
      model,
      choices: [{ index: 0, message, finish_reason: finishReason(items) }],
      usage: chatUsage,
    };
  },
  events: (model, items, turn) => {
    const chunk = (choices: unknown[], more: object = {}): readonly [undefined, string] => [
      undefined,
      JSON.stringify({
        id: unique('chatcmpl-scripted', turn),
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
      ...items.flatMap((item) => {
        if (item.kind === 'text') return pieces(item.text).map((content) => delta({ content }));
        if (!isCall(item)) return [];
        const deltas = chatCallDeltas(item, items.filter(isCall).indexOf(item));
        return deltas.map((call) => delta({ tool_calls: [call] }));
      }),
      delta({}, finishReason(items)),
      chunk([], { usage: chatUsage }),
      [undefined, '[DONE]'],
    ];
  },
};

function messagesBlock(item: Item): Record<string, unknown> {
  if (item.kind === 'text') return { type: 'text', text: item.text };
  if (item.kind === 'reasoning') return { type: 'thinking', thinking: item.text, signature: item.seal };
  const input = item.kind === 'call' ? item.arguments : { input: item.input };
  return { type: 'tool_use', id: item.callId, name: item.name, input };
}

const messagesInput = {
  input_tokens: scriptedUsage.input - scriptedUsage.cached,
  cache_read_input_tokens: scriptedUsage.cached,
  cache_creation_input_tokens: 0,
};

export const messages: Shape = {
  json: (model, items, turn) => ({
    id: unique('msg_scripted', turn),
    type: 'message',
    role: 'assistant',
    model,
    content: items.map(messagesBlock),
    stop_reason: stopReason(items),
    stop_sequence: null,
    usage: { ...messagesInput, output_tokens: scriptedUsage.output },
  }),
  events: (model, items, turn) => {
    const start = {
      id: unique('msg_scripted', turn),
      type: 'message',
      role: 'assistant',
      model,
      content: [],
    };
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
  return items.some(isCall) ? 'tool_use' : 'end_turn';
}

function messagesBlockEvents(item: Item, index: number): Record<string, unknown>[] {
  const block = messagesBlock(item);
  const [empty, deltas] = messagesDeltas(item);
  return [
    { type: 'content_block_start', index, content_block: { ...block, ...empty } },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ];
}

function messagesDeltas(item: Item): [object, object[]] {
  if (item.kind === 'text') {
    return [{ text: '' }, pieces(item.text).map((text) => ({ type: 'text_delta', text }))];
  }
  if (item.kind === 'reasoning') {
    const thinking = pieces(item.text).map((text) => ({ type: 'thinking_delta', thinking: text }));
    return [
      { thinking: '', signature: '' },
      [...thinking, { type: 'signature_delta', signature: item.seal }],
    ];
  }
  const json = JSON.stringify(messagesBlock(item)['input']);
  return [
    { input: {} },
    pieces(json).map((partial) => ({ type: 'input_json_delta', partial_json: partial })),
  ];
}
