import type { Entry } from '../../../translation/model-request.ts';

/**
 * A conversation without thoughts that nothing came of: an answer that broke off leaves them, and Anthropic refuses a
 * message of the model that ends with one.
 */
export function withoutLoneThoughts(entries: readonly Entry[]): readonly Entry[] {
  const kept: Entry[] = [];
  let next: Entry['kind'] | undefined;
  for (const entry of entries.toReversed()) {
    if (entry.kind === 'reasoning' && next !== 'said' && next !== 'call') continue;
    kept.push(entry);
    if (entry.kind !== 'reasoning') next = entry.kind;
  }
  return kept.reverse();
}
