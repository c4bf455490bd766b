type Json = Readonly<Record<string, unknown>>;

/** A call that a rule denies, as the tests have it, and one that none does. */
export const denied = JSON.stringify({ cmd: 'rm -rf precious' });
export const harmless = JSON.stringify({ cmd: 'ls' });

export function frame(event: Json, name = event['type']): string {
  return `${typeof name === 'string' ? `event: ${name}\n` : ''}data: ${JSON.stringify(event)}\n\n`;
}

export const response: Json = {
  id: 'resp_1',
  object: 'response',
  status: 'completed',
  model: 'm',
  output: [],
};
export const begun = frame({ type: 'response.created', response: { ...response, status: 'in_progress' } });

export function completed(...output: readonly Json[]): string {
  return frame({ type: 'response.completed', response: { ...response, output } });
}

export function item(args: string, more: Json = {}): Json {
  const call = { type: 'function_call', id: 'fc_1', call_id: 'c1', name: 'exec_command' };
  return { ...call, arguments: args, status: 'completed', ...more };
}

export function added(args = '', more: Json = {}): string {
  return frame({ type: 'response.output_item.added', output_index: 0, item: item(args, more) });
}

export function delta(text: string, more: Json = {}): string {
  const event = { type: 'response.function_call_arguments.delta', output_index: 0, item_id: 'fc_1' };
  return frame({ ...event, delta: text, ...more });
}

export const wholeEvent = { type: 'response.function_call_arguments.done', output_index: 0, item_id: 'fc_1' };

export function whole(args: string): string {
  return frame({ ...wholeEvent, arguments: args });
}

export function done(args: string, more: Json = {}): string {
  return frame({ type: 'response.output_item.done', output_index: 0, item: item(args, more) });
}

export function chunk(delta: Json, finish: string | null = null, more: Json = {}): string {
  return frame({
    ...{ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm' },
    choices: [{ index: 0, delta: { role: 'assistant', ...delta }, finish_reason: finish }],
    ...more,
  });
}

export function chatCall(more: Json = {}): Json {
  const called = { name: 'exec_command', arguments: denied };
  return { tool_calls: [{ index: 0, id: 't1', type: 'function', function: called, ...more }] };
}

export const chatEnd = [chunk({}, 'tool_calls'), 'data: [DONE]\n\n'];
export const custom = { custom: { name: 'note', input: 'x' } };
const message = { id: 'm', type: 'message', role: 'assistant', content: [], model: 'm' };
export const messageStart = frame({
  type: 'message_start',
  message: { ...message, usage: { input_tokens: 1, output_tokens: 1 } },
});
export const toolUse = { type: 'tool_use', id: 'tu', name: 'Bash', input: {} };
export const messageEnd = [
  frame({ type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 2 } }),
  frame({ type: 'message_stop' }),
];
export const blockStart = { type: 'content_block_start', index: 0, content_block: toolUse };
export const blockDelta = {
  type: 'content_block_delta',
  index: 0,
  delta: { type: 'input_json_delta', partial_json: JSON.stringify({ command: 'rm -rf precious' }) },
};
export const noteStart = { ...blockStart, content_block: { ...toolUse, id: 'n', name: 'note' } };
export const blockStop = { type: 'content_block_stop', index: 0 };

/** A message of these blocks. */
export function blocks(...events: readonly Json[]): readonly string[] {
  return [messageStart, ...events.map((event) => frame(event)), ...messageEnd];
}

export function withNaN(text: string): string {
  return text.replace('data: {', 'data: {"z":NaN,');
}

export function nameless({ type, ...rest }: Json): string {
  return frame(rest, type);
}
