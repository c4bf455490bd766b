import type { AnswerEvent } from './answer-event.ts';

/** Of a text that comes at once, so much goes into one event. */
const maxLength = 64 * 1024;

/** An event as several where its text is long: each is written in a moment, and others have their turn between them. */
export function inPieces(event: AnswerEvent): readonly AnswerEvent[] {
  if (!('delta' in event) || event.delta.length <= maxLength) return [event];
  const { delta } = event;
  const pieces: AnswerEvent[] = [];
  for (let start = 0; start < delta.length;) {
    const end = wholeLetters(delta, start + maxLength);
    pieces.push({ ...event, delta: delta.slice(start, end) });
    start = end;
  }
  return pieces;
}

/** Where a text may be cut at the latest, so that no letter beyond the first plane is halved. */
function wholeLetters(text: string, end: number): number {
  return /^[\ud800-\udbff]$/.test(text.charAt(end - 1)) ? end - 1 : end;
}
