import type { Entry } from './model-request.ts';

/** What a conversation begins with, and what follows. */
interface SplitConversation {
  /** Without those that say nothing. */
  readonly instructions: readonly string[];
  readonly rest: readonly Entry[];
}

/** Instructions at the beginning are the system's; later ones stay where they were said, or all after them would change. */
export function splitInstructions(entries: readonly Entry[]): SplitConversation {
  const first = entries.findIndex(({ kind }) => kind !== 'instructions');
  const begin = first < 0 ? entries.length : first;
  const texts = entries
    .slice(0, begin)
    .flatMap((entry) => (entry.kind === 'instructions' ? entry.texts : []));
  return { instructions: texts.filter((text) => text.trim() !== ''), rest: entries.slice(begin) };
}
