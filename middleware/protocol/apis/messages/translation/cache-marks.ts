import type { JsonObject } from '../../../../kernel/json-object.ts';
import { objectsIn } from '../../common/read-event.ts';

const mark = { cache_control: { type: 'ephemeral' } } as const;

/** The blocks with a mark at the last: all up to there is kept by the provider's cache. */
export function marked(blocks: readonly JsonObject[]): readonly JsonObject[] {
  return blocks.map((block, index) => (index === blocks.length - 1 ? { ...block, ...mark } : block));
}

/** Messages with a mark at the end of the last one. Thoughts take none. */
export function markedLast(messages: readonly JsonObject[]): readonly JsonObject[] {
  return messages.map((message, index) => {
    if (index !== messages.length - 1) return message;
    const blocks = objectsIn(message['content']);
    const type = blocks.at(-1)?.['type'];
    if (type === 'thinking' || type === 'redacted_thinking') return message;
    return { ...message, content: marked(blocks) };
  });
}
