import { createHash } from 'node:crypto';
import { BoundedMap } from '../../kernel/bounded-map.ts';

/** Far more than one conversation has questions, refusals and built-in commands. */
const maxTexts = 2_000;

/**
 * The texts that we answered ourselves in one conversation, as digests: a text may be long. Space around one does not count, for some
 * clients send it back without.
 */
export class OwnTexts {
  readonly #digests = new BoundedMap<string, true>(maxTexts, {
    maxSize: Infinity,
    sizeOf: (_kept, { length }) => length,
  });

  get isEmpty(): boolean {
    return this.#digests.size === 0;
  }

  get totalSize(): number {
    return this.#digests.totalSize;
  }

  add(text: string): void {
    this.#digests.set(digest(text), true);
  }

  has(text: string): boolean {
    return this.#digests.get(digest(text)) === true;
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text.trim()).digest('base64url');
}
