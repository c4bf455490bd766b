import type { JsonObject } from '../../../../kernel/json-object.ts';
import { objectsIn } from '../../common/read-event.ts';

const mark = { cache_control: { type: 'ephemeral' } } as const;

/** The blocks with a mark at the last: all up to there is kept by the provider's cache. */
export function marked(blocks: readonly JsonObject[]): readonly JsonObject[] {
  return blocks.map((block, index) => (index === blocks.length - 1 ? { ...block, ...mark } : block));
}

/**
 * Messages with a mark at the end of each of the user's last ones. The provider looks for what it kept no more than 20
 * blocks before a mark, and many calls at once are more: the last but one stands where the request before was marked.
 */
export function markedLast(messages: readonly JsonObject[], count: number): readonly JsonObject[] {
  const users = messages.filter(({ role }) => role === 'user');
  const last = new Set(users.slice(-Math.max(1, count)));
  return messages.map((message) =>
    last.has(message) ? { ...message, content: marked(objectsIn(message['content'])) } : message,
  );
}
