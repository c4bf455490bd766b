/** Where keys stand in a list, which may have one of them thousands of times. */
export class PlaceIndex {
  /** Ascending. */
  readonly #places = new Map<string, number[]>();

  /** Places are added in their order. */
  add(key: string, place: number): void {
    const places = this.#places.get(key);
    if (places === undefined) this.#places.set(key, [place]);
    else places.push(place);
  }

  /** The first place of a key, at one or behind it. */
  find(key: string, from: number): number | undefined {
    const places = this.#places.get(key) ?? [];
    let [low, high] = [0, places.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((places[middle] ?? from) < from) low = middle + 1;
      else high = middle;
    }
    return places[low];
  }
}
