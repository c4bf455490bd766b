import type { TurnPart } from '../../features/sessions/session-turns.ts';

/** The parts of a turn that its client has, by their keys: a turn may have as many as a conversation has items. */
export class PartIndex {
  /** The places of the parts with a key, ascending. */
  readonly #places = new Map<string, number[]>();
  /** The place of the last part that the client has, or -1. */
  readonly last: number;

  constructor(parts: readonly TurnPart[]) {
    this.last = parts.findLastIndex(({ kind }) => kind !== 'hidden');
    for (const [place, part] of parts.entries()) {
      if (part.kind === 'hidden') continue;
      for (const key of new Set(part.keys)) {
        const places = this.#places.get(key);
        if (places === undefined) this.#places.set(key, [place]);
        else places.push(place);
      }
    }
  }

  /** The first part with one of the keys, at a place or behind it. */
  find(keys: readonly string[], from: number): number | undefined {
    let first: number | undefined;
    for (const key of keys) {
      const place = atOrBehind(this.#places.get(key) ?? [], from);
      if (place !== undefined && (first === undefined || place < first)) first = place;
    }
    return first;
  }
}

/** By halves: one text may stand in a turn thousands of times. */
function atOrBehind(places: readonly number[], from: number): number | undefined {
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((places[middle] ?? from) < from) low = middle + 1;
    else high = middle;
  }
  return places[low];
}
