const begin = /\S/;
const opening: ReadonlySet<string> = new Set(['"', '[', '{']);
const depths: Readonly<Record<string, number>> = { '{': 1, '[': 1, '}': -1, ']': -1 };
const signs = /\\[^]?|["[\]{}]/g;

/**
 * How much of a JSON value has come in, known without a parse of it: each piece is looked at once. Values that are
 * neither a text, an object nor an array have no end that shows, and count as none.
 */
export class JsonProgress {
  /** `before`: nothing but white space until now. `none`: it does not begin as a value. */
  #state: 'before' | 'within' | 'ended' | 'none' = 'before';
  #depth = 0;
  #deepest = 0;
  #isInText = false;
  /** Whether the last piece ended with a backslash, so that the next letter means nothing here. */
  #isEscaped = false;
  #length = 0;
  #end = 0;
  #next = '';

  add(piece: string): void {
    // Nothing says nothing: behind a backslash, the letter that it means has yet to come.
    if (piece === '') return;
    let at = this.#state === 'before' ? this.#begin(piece) : 0;
    if (this.#state === 'within') at = this.#scan(piece, at);
    if (this.#state === 'ended' && this.#next === '') this.#next = begin.exec(piece.slice(at))?.[0] ?? '';
    this.#length += piece.length;
  }

  /** Whether anything but white space came. */
  get isBegun(): boolean {
    return this.#state !== 'before';
  }

  /** Whether it began, and its end has not come. */
  get isUnfinished(): boolean {
    return this.#state === 'within';
  }

  /** Whether its brackets are closed, and nothing stands behind it. */
  get isClosed(): boolean {
    return this.#state === 'ended' && this.#next === '';
  }

  /** Where the first value ends, where another begins behind it; `undefined` for no other. */
  get firstOfSeveral(): number | undefined {
    return opening.has(this.#next) ? this.#end : undefined;
  }

  /** How deep it is nested. */
  get deepest(): number {
    return this.#deepest;
  }

  #begin(piece: string): number {
    const found = begin.exec(piece);
    if (found !== null) this.#state = opening.has(found[0]) ? 'within' : 'none';
    return found?.index ?? piece.length;
  }

  /** Reads on to the end of the value, and tells where the rest begins. */
  #scan(piece: string, start: number): number {
    signs.lastIndex = start + (this.#isEscaped ? 1 : 0);
    this.#isEscaped = false;
    for (let found = signs.exec(piece); found !== null; found = signs.exec(piece)) {
      const [sign] = found;
      if (sign === '\\') this.#isEscaped = true;
      else if (sign === '"') this.#isInText = !this.#isInText;
      else if (!this.#isInText) this.#deepen(depths[sign] ?? 0);
      if (this.#isInText || this.#depth > 0 || sign.startsWith('\\')) continue;
      this.#state = 'ended';
      this.#end = this.#length + signs.lastIndex;
      return signs.lastIndex;
    }
    return piece.length;
  }

  #deepen(step: number): void {
    this.#depth += step;
    this.#deepest = Math.max(this.#deepest, this.#depth);
  }
}
