import type { JsonObject } from '../../../kernel/json-object.ts';
import { textAt } from '../common/read-event.ts';

/** The events in which a call is streamed; their numbers are for the caller to set. */
export function responsesCallEvents(item: JsonObject): readonly JsonObject[] {
  const at = { output_index: 0 };
  const done = { type: 'response.output_item.done', ...at, item };
  const member = inputMembers.get(textAt(item, 'type'));
  if (member === undefined) {
    const begun = 'status' in item ? { ...item, status: 'in_progress' } : item;
    return [{ type: 'response.output_item.added', ...at, item: begun }, done];
  }
  const { name, event } = member;
  const text = textAt(item, name);
  const id = typeof item['id'] === 'string' ? { item_id: item['id'] } : {};
  return [
    { type: 'response.output_item.added', ...at, item: { ...item, status: 'in_progress', [name]: '' } },
    { type: `response.${event}.delta`, ...id, ...at, delta: text },
    { type: `response.${event}.done`, ...id, ...at, [name]: text },
    done,
  ];
}

const inputMembers: ReadonlyMap<string, { readonly name: string; readonly event: string }> = new Map([
  ['function_call', { name: 'arguments', event: 'function_call_arguments' }],
  ['custom_tool_call', { name: 'input', event: 'custom_tool_call_input' }],
]);
