import type { AnswerFilter } from '../../kernel/answer-filter.ts';
import { headerValue } from '../../kernel/headers.ts';
import type { SseFrame } from '../../kernel/sse-frame.ts';
import { textDeltaOf, type TextDelta } from '../../protocol/text-delta.ts';

interface SentencesOptions {
  /** For every request; otherwise only for those with `x-codex-plus-sentences: 1`. */
  readonly always: boolean;
}

/**
 * Streams text in whole sentences, for screen readers, which read every piece aloud as it comes. What stands behind
 * the last whole sentence waits for the next piece, or for the end of the text; only so long that it is no
 * sentence, it goes out in pieces. No letter is changed or lost.
 */
export function createSentencesFilter({ always }: SentencesOptions): AnswerFilter {
  return {
    name: 'sentences',
    wants: ({ request }) => always || headerValue(request.headers, 'x-codex-plus-sentences') === '1',
    events: (frames, { request: { api } }) => inSentences(frames, (frame) => textDeltaOf(api, frame)),
    json: (answer) => answer,
  };
}

async function* inSentences(
  frames: AsyncIterable<SseFrame>,
  deltaOf: (frame: SseFrame) => TextDelta | undefined,
): AsyncGenerator<SseFrame, void, undefined> {
  let held: TextDelta | undefined;
  let text = '';
  for await (const frame of frames) {
    const delta = deltaOf(frame);
    if (held !== undefined && text !== '' && held.key !== delta?.key) {
      yield held.withText(text);
      text = '';
    }
    held = delta;
    if (delta === undefined) {
      yield frame;
      continue;
    }
    text += delta.text;
    const end = endOfSentences(text);
    if (end === 0) continue;
    yield delta.withText(text.slice(0, end));
    text = text.slice(end);
  }
  if (held !== undefined && text !== '') yield held.withText(text);
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'sentence' });

/**
 * A longer sentence goes out in pieces. The segmenter looks ahead as far as it can and its work may grow with the
 * square of what it is given (`. 1. 1. 1`), so that it never gets more than this at once.
 */
const maxSentenceLength = 1024;

/** Where the last sentence begins, which may not be over yet; a line end always ends one. */
function endOfSentences(text: string): number {
  if (text.endsWith('\n')) return text.length;
  let start = 0;
  while (text.length - start > maxSentenceLength) {
    const piece = text.slice(start, start + maxSentenceLength);
    start += lastSentenceStart(piece) || endOfWords(piece);
  }
  return start + lastSentenceStart(text.slice(start));
}

function lastSentenceStart(text: string): number {
  let start = 0;
  for (const { index } of segmenter.segment(text)) start = index;
  return start;
}

/** Behind the last space of a piece; where it has none, its end, though not between the halves of a character. */
function endOfWords(piece: string): number {
  const space = piece.lastIndexOf(' ');
  if (space > 0) return space + 1;
  return /[\uD800-\uDBFF]$/.test(piece) ? piece.length - 1 : piece.length;
}
