/** Numbers things anew after some were taken out: gaps are closed, and a later round goes on where the last one stopped. */
export class Shift {
  #base = 0;
  #next = 0;
  readonly #given = new Map<number, number>();
  readonly #dropped = new Set<number>();

  beginRound(): void {
    this.#base = this.#next;
    this.#given.clear();
    this.#dropped.clear();
  }

  drop(index: number): void {
    this.#dropped.add(index);
  }

  /** What a number of this round is to the client, the same each time; `undefined` for what was taken out. */
  of(index: number): number | undefined {
    if (this.#dropped.has(index)) return undefined;
    const known = this.#given.get(index);
    if (known !== undefined) return known;
    let shifted = this.#base + index;
    for (const dropped of this.#dropped) if (dropped < index) shifted -= 1;
    this.#given.set(index, shifted);
    this.#next = Math.max(this.#next, shifted + 1);
    return shifted;
  }

  /** Takes the next number, for something of ours. */
  take(): number {
    this.#next += 1;
    return this.#next - 1;
  }
}
