import { BoundedMap } from '../../kernel/bounds/bounded-map.ts';

const maxConversations = 2_000;
/** Of the names of all conversations, and of all that they were told of, in characters. */
const maxTotalSize = 2 * 1024 * 1024;

/** What each conversation was told of, by its name: those of the last conversations alone. */
export function createToldNotes(): BoundedMap<string, readonly string[]> {
  return new BoundedMap(maxConversations, {
    maxSize: maxTotalSize,
    sizeOf: (told, key) => key.length + told.reduce((sum, about) => sum + about.length, 0),
  });
}
