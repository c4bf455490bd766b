import { setImmediate as nextTurn } from 'node:timers/promises';
import { withoutUnseen } from '../../../kernel/visible-text.ts';

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

interface Bounds {
  readonly turns: Turns;
  readonly maxLength?: number;
}

/**
 * Changes a text a piece at a time, as it would be changed as a whole: borders are where both sides change to the same with
 * and without each other. Ends once what came of it is longer than `maxLength`.
 */
export async function changedInPieces(text: string, change: Change, bounds: Bounds): Promise<string> {
  return (await pieces(text, change, bounds)).made;
}

/**
 * The same for what takes secrets out of a text, which may have any number of letters in them that are not seen: such letters
 * go from the whole text where a secret hides behind them.
 */
export async function cleanedInPieces(text: string, clean: Change, bounds: Bounds): Promise<string> {
  const { turns } = bounds;
  if (isOnePiece(text)) {
    await turns.spent(text.length);
    return clean(text);
  }
  const { made, end } = await pieces(text, clean, bounds);
  const before = text.slice(0, end);
  if ((await seenIn(before, turns)) === before) return made;
  const [cleanSeen, madeSeen] = [
    await changedInPieces(await seenIn(text, turns), clean, bounds),
    await seenIn(made, turns),
  ];
  // One of them may have ended sooner.
  return cleanSeen.startsWith(madeSeen) || madeSeen.startsWith(cleanSeen) ? made : cleanSeen;
}

async function seenIn(text: string, turns: Turns): Promise<string> {
  const seen: string[] = [];
  for (let at = 0; at < text.length;) {
    // A letter keeps what belongs to it.
    const rest = /^[\uDC00-\uDFFF]?[\uFE0E\uFE0F]?/.exec(text.slice(at + pieceLength, at + pieceLength + 2));
    const end = at + pieceLength + (rest?.[0].length ?? 0);
    seen.push(withoutUnseen(text.slice(at, end)));
    await turns.spent(end - at);
    at = end;
  }
  return seen.join('');
}

/** `end`: how far it was looked at. */
async function pieces(
  text: string,
  change: Change,
  { turns, maxLength = Infinity }: Bounds,
): Promise<{ readonly made: string; readonly end: number }> {
  const made: string[] = [];
  let length = 0;
  let at = 0;
  while (at < text.length && length <= maxLength) {
    const end = borderAfter(text, at, change);
    const piece = change(text.slice(at, end));
    made.push(piece);
    length += piece.length;
    await turns.spent(end - at);
    at = end;
  }
  return { made: made.join(''), end: at };
}

function isOnePiece(text: string, start = 0): boolean {
  return text.length - start <= pieceLength + contextLength;
}

/** Where a piece ends: nothing that is changed stands on both sides. Where no such place is found, all of it is one piece. */
function borderAfter(text: string, start: number, change: Change): number {
  const last = start + pieceLength;
  if (isOnePiece(text, start)) return text.length;
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
