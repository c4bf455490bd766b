import type { TurnPart } from '../../features/sessions/session-turns.ts';
import { PlaceIndex } from './place-index.ts';

/** The parts of a turn that its client has, by their keys: a turn may have as many as a conversation has items. */
export class PartIndex {
  readonly #places = new PlaceIndex();
  /** The place of the last part that the client has, or -1. */
  readonly last: number;

  constructor(parts: readonly TurnPart[]) {
    this.last = parts.findLastIndex(({ kind }) => kind !== 'hidden');
    for (const [place, part] of parts.entries()) {
      if (part.kind === 'hidden') continue;
      for (const key of new Set(part.keys)) this.#places.add(key, place);
    }
  }

  /** The first part with one of the keys, at a place or behind it. */
  find(keys: readonly string[], from: number): number | undefined {
    let first: number | undefined;
    for (const key of keys) {
      const place = this.#places.find(key, from);
      if (place !== undefined && (first === undefined || place < first)) first = place;
    }
    return first;
  }
}
