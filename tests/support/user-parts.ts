import type { Item } from './codex-turns.ts';

/** The parts of the user's messages in a conversation. */
export function userParts(items: readonly Item[]): readonly Item[] {
  return items.filter(({ role }) => role === 'user').flatMap(({ content }) => content as Item[]);
}
