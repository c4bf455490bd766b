import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import type { SseFrame } from '../../../kernel/sse-frame.ts';
import { eventFrame, inputAt, objectsIn, textAt } from '../common/read-event.ts';

/** The stream that says what an answer of the Messages API says; `undefined` for what is no answer of it. */
export function messagesAsStream(answer: JsonObject): readonly SseFrame[] | undefined {
  const { content, stop_reason, stop_sequence = null, stop_details, usage } = answer;
  if (!Array.isArray(content) || answer['type'] !== 'message') return undefined;
  const begun = { ...answer, content: [], stop_reason: null, stop_sequence: null };
  const ending = {
    ...{ stop_reason, stop_sequence },
    ...(stop_details === undefined ? {} : { stop_details }),
  };
  const events = [
    { type: 'message_start', message: begun },
    ...objectsIn(content).flatMap((block, index) =>
      eventsOfBlock(block).map((event) => ({ ...event, index })),
    ),
    { type: 'message_delta', delta: ending, ...(usage === undefined ? {} : { usage }) },
    { type: 'message_stop' },
  ];
  return events.map((event) => eventFrame(event, event.type));
}

type BlockEvent = JsonObject & { readonly type: string };

function eventsOfBlock(block: JsonObject): readonly BlockEvent[] {
  return [
    { type: 'content_block_start', content_block: { ...block, ...startOf(block) } },
    ...deltasOf(block).map((delta) => ({ type: 'content_block_delta', delta })),
    { type: 'content_block_stop' },
  ];
}

/** What comes in deltas behind the beginning of a block. */
function startOf(block: JsonObject): JsonObject {
  switch (block['type']) {
    case 'text':
      return { text: '', ...('citations' in block ? { citations: [] } : {}) };
    case 'thinking':
      return { thinking: '', ...('signature' in block ? { signature: '' } : {}) };
    default:
      return isJsonObject(block['input']) ? { input: {} } : {};
  }
}

function deltasOf(block: JsonObject): readonly JsonObject[] {
  switch (block['type']) {
    case 'text':
      return [
        { type: 'text_delta', text: textAt(block, 'text') },
        ...objectsIn(block['citations']).map((citation) => ({ type: 'citations_delta', citation })),
      ];
    case 'thinking':
      return [
        { type: 'thinking_delta', thinking: textAt(block, 'thinking') },
        ...('signature' in block ? [{ type: 'signature_delta', signature: textAt(block, 'signature') }] : []),
      ];
    default:
      return isJsonObject(block['input'])
        ? [{ type: 'input_json_delta', partial_json: inputAt(block, 'input') }]
        : [];
  }
}
