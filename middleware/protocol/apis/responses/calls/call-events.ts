import type { JsonObject } from '../../../../kernel/json-object.ts';
import { textAt } from '../../common/read-event.ts';
import { callKinds, callTypeOf } from './call-kinds.ts';

/** The events in which a call is streamed; their numbers are for the caller to set. */
export function responsesCallEvents(item: JsonObject): readonly JsonObject[] {
  const at = { output_index: 0 };
  const done = { type: 'response.output_item.done', ...at, item };
  const type = callTypeOf(item);
  const { streamedAs, inputs } = type === undefined ? notStreamed : callKinds[type];
  if (streamedAs === undefined) {
    const begun = 'status' in item ? { ...item, status: 'in_progress' } : item;
    return [{ type: 'response.output_item.added', ...at, item: begun }, done];
  }
  const [name] = inputs;
  const text = textAt(item, name);
  const id = typeof item['id'] === 'string' ? { item_id: item['id'] } : {};
  return [
    { type: 'response.output_item.added', ...at, item: { ...item, status: 'in_progress', [name]: '' } },
    { type: `response.${streamedAs}.delta`, ...id, ...at, delta: text },
    { type: `response.${streamedAs}.done`, ...id, ...at, [name]: text },
    done,
  ];
}

/** What is no call comes whole. */
const notStreamed = { streamedAs: undefined, inputs: [''] } as const;
