import type { DeliveredText } from '../../features/sessions/session-turns.ts';
import { PlaceIndex } from './place-index.ts';

/** Gives the texts of an answer, as its client sends them one after the other, back in the model's own words. */
export type OwnWords = (delivered: string) => string;

/** The texts of one answer: two that the client has in the same words are told apart by their order. */
export class DeliveredTexts {
  readonly #texts: readonly DeliveredText[];
  readonly #places = new PlaceIndex();

  constructor(texts: readonly DeliveredText[]) {
    this.#texts = texts;
    for (const [place, [delivered]] of texts.entries()) this.#places.add(delivered, place);
  }

  /** Begins with the first of them; `undefined` where the client has all texts as they were said. */
  read(): OwnWords | undefined {
    if (this.#texts.length === 0) return undefined;
    let from = 0;
    return (delivered) => {
      const place = this.#places.find(delivered, from);
      if (place === undefined) return delivered;
      from = place + 1;
      return this.#texts[place]?.[1] ?? delivered;
    };
  }
}
