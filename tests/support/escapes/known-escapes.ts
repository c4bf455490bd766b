import type { Escape } from './read-escapes.ts';
import type { GeneratedEscape } from './generate-escapes.ts';
import { readKnown } from './recorded-escapes.ts';

/**
 * What is known to be let through by an entry of `known.json`: a line by its id, or all generated lines with
 * `generated: WAY`.
 */
export function knownEscapes(): {
  readonly has: (escape: Escape) => boolean;
  readonly entries: readonly string[];
} {
  const entries = Object.values(readKnown()).flat();
  const listed = new Set(entries);
  return { has: (escape) => entriesFor(escape).some((entry) => listed.has(entry)), entries };
}

/** The entries that would make a line known. */
export function entriesFor(escape: Escape): readonly string[] {
  const { outer, inner } = escape as Partial<GeneratedEscape>;
  return [escape.id, ...[outer, inner].flatMap((way) => (way === undefined ? [] : [`generated: ${way}`]))];
}
