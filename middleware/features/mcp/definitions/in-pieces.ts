import { setImmediate as nextTurn } from 'node:timers/promises';

/** In characters: a millisecond or two of work. */
const pieceLength = 65_536;
/** What is looked at on both sides of a border: no secret is longer. */
const contextLength = 16_384;
/** Borders that are tried for a piece, the last one first. */
const maxTries = 8;
const tryLength = pieceLength / (2 * maxTries);

type Change = (text: string) => string;

/** Has the event loop go on between pieces of work that others do not have to wait for. */
export class Turns {
  #done = 0;

  /** So many characters were looked at. */
  async spent(length: number): Promise<void> {
    this.#done += length;
    if (this.#done < pieceLength) return;
    this.#done = 0;
    await nextTurn();
  }
}

/**
 * Changes a text a piece at a time, as it would be changed as a whole: borders are where both sides change to the same with
 * and without each other. Ends once what came of it is longer than `maxLength`.
 */
export async function changedInPieces(
  text: string,
  change: Change,
  { turns, maxLength = Infinity }: { readonly turns: Turns; readonly maxLength?: number },
): Promise<string> {
  const made: string[] = [];
  let length = 0;
  for (let at = 0; at < text.length && length <= maxLength;) {
    const end = borderAfter(text, at, change);
    const piece = change(text.slice(at, end));
    made.push(piece);
    length += piece.length;
    await turns.spent(end - at);
    at = end;
  }
  return made.join('');
}

/** Where a piece ends: nothing that is changed stands on both sides. Where no such place is found, all of it is one piece. */
function borderAfter(text: string, start: number, change: Change): number {
  const last = start + pieceLength;
  if (last + contextLength >= text.length) return text.length;
  for (let back = 0; back < maxTries; back += 1) {
    const border = betweenWords(text, last - back * tryLength);
    const [before, after] = [
      text.slice(Math.max(start, border - contextLength), border),
      text.slice(border, border + contextLength),
    ];
    if (change(before + after) === change(before) + change(after)) return border;
  }
  return text.length;
}

/** Behind the last line or word before a place, where most of what is changed does not reach across. */
function betweenWords(text: string, place: number): number {
  const near = text.slice(place - tryLength, place);
  const end = [near.lastIndexOf('\n'), near.lastIndexOf(' ')].find((at) => at >= 0);
  if (end !== undefined) return place - tryLength + end + 1;
  // Not between the two halves of a character.
  return /[\uD800-\uDBFF]/.test(text.charAt(place - 1)) ? place - 1 : place;
}
