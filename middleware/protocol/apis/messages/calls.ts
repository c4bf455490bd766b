import type { JsonObject } from '../../../kernel/json-object.ts';
import { objectAt, textAt } from '../common/read-event.ts';
import type { ToolCall } from '../tool-call.ts';

/** The call that a content block is; tools that the provider runs itself are none. */
export function messagesCall(block: JsonObject): ToolCall | undefined {
  if (block['type'] !== 'tool_use') return undefined;
  return {
    kind: 'function',
    name: textAt(block, 'name'),
    namespace: undefined,
    callId: textAt(block, 'id'),
    // What could not be read as JSON is kept as it came.
    input: typeof block['input'] === 'string' ? block['input'] : JSON.stringify(block['input'] ?? {}),
  };
}

/** The block with another input. */
export function withMessagesInput(block: JsonObject, input: string): JsonObject {
  return { ...block, input: JSON.parse(input) as unknown };
}

/** The events in which a call is streamed. */
export function messagesCallEvents(block: JsonObject, index: number): readonly JsonObject[] {
  const json = JSON.stringify(objectAt(block, 'input'));
  return [
    { type: 'content_block_start', index, content_block: { ...block, input: {} } },
    { type: 'content_block_delta', index, delta: { type: 'input_json_delta', partial_json: json } },
    { type: 'content_block_stop', index },
  ];
}
