import type { SseFrame } from '../../../kernel/sse-frame.ts';
import { parseFrame } from '../../../protocol/sse/sse-frame.ts';

/** Of one event: a message stands on one of them, and on more where it is indented. */
const maxLines = 50_000;
/** What has no more is read fast, whatever stands on them. */
const fewLines = 20;

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * An event that the SDK reads fast: it makes an error with a stack of each line whose field it does not know, and looks for
 * the end of each line through all that follows. Of many lines no more is left than what they say.
 */
export function plainFrame(raw: Buffer): SseFrame {
  const lines = countLines(raw);
  if (lines > maxLines) throw new Error(`it sent an event of more than ${maxLines} lines`);
  const frame = parseFrame(raw);
  if (lines <= fewLines) return frame;
  return parseFrame(Buffer.from(frameWith(frame, frame.data)));
}

/** The same event with other data. Its id is where a stream goes on that broke, and `retry` says when. */
export function frameWith({ raw, event }: Pick<SseFrame, 'raw' | 'event'>, data: string | undefined): string {
  const text = raw.toString();
  const kept = [lastField(text, 'id'), lastField(text, 'retry')].filter((line) => line !== undefined);
  if (data === undefined) return [...kept, '', ''].join('\n');
  // Between two values of JSON any space is the same, and there is no line feed in one.
  const line = data.replaceAll('\n', ' ');
  return [...kept, `event: ${event ?? 'message'}`, `data: ${line}`, '', ''].join('\n');
}

function lastField(text: string, name: 'id' | 'retry'): string | undefined {
  return [...text.matchAll(name === 'id' ? idLines : retryLines)].at(-1)?.[1];
}

// Lines end at CR and LF only, and not at U+2028 as they do for `^`.
const idLines = /(?:^|[\r\n])(id:[^\r\n]*)/g;
const retryLines = /(?:^|[\r\n])(retry:[^\r\n]*)/g;

/** One more than there may be where there are more. */
function countLines(raw: Buffer): number {
  let lines = 0;
  for (let at = 0; at < raw.length && lines <= maxLines; at += 1) {
    const byte = raw[at];
    if (byte === lineFeed ? raw[at - 1] !== carriageReturn : byte === carriageReturn) lines += 1;
  }
  return lines;
}
