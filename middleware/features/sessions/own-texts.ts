import { BoundedSet } from '../../kernel/bounds/bounded-set.ts';
import { digest } from '../../protocol/conversation/said-key.ts';

/** Far more than one conversation has questions, refusals and built-in commands. */
const maxTexts = 2_000;

/**
 * The texts that we answered ourselves in one conversation, as digests: a text may be long. Space around one does
 * not count, for some clients send it back without.
 */
export class OwnTexts {
  readonly #digests = new BoundedSet(maxTexts);

  get totalSize(): number {
    return this.#digests.totalSize;
  }

  add(text: string): void {
    this.#digests.add(digest(text.trim()));
  }

  has(text: string): boolean {
    return this.#digests.has(digest(text.trim()));
  }
}
