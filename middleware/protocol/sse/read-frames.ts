import type { AnswerLimits } from '../../kernel/answer-limits.ts';
import type { ByteStream } from '../../kernel/byte-stream.ts';
import { CodexPlusError } from '../../kernel/errors.ts';
import type { SseFrame } from '../../kernel/sse-frame.ts';
import { SseCutter } from './sse-cutter.ts';
import { parseFrame } from './sse-frame.ts';

/**
 * The frames of an event stream, as they arrive. Joined, their bytes are the stream's: what stands after the last blank
 * line comes as a last frame, unless the stream breaks, which throws. So does more than `limits` (`answer_too_large`): the
 * frames before it have come by then, and the rest is given up.
 */
export async function* readFrames(
  stream: ByteStream,
  { maxEventBytes, maxStreamBytes }: AnswerLimits,
): AsyncGenerator<SseFrame, void, undefined> {
  const seen = { isTooLarge: false };
  const cutter = new SseCutter(maxEventBytes, () => (seen.isTooLarge = true));
  let ready: SseFrame[] = [];
  const onFrame = (raw: Buffer): void => {
    if (!seen.isTooLarge) ready.push(parseFrame(raw));
  };
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > maxStreamBytes) throw tooLarge('the answer', maxStreamBytes, 'limits.maxStreamBytes');
    cutter.feed(chunk, onFrame);
    if (ready.length > 0) {
      const frames = ready;
      ready = [];
      yield* frames;
    }
    if (seen.isTooLarge) throw tooLarge('an event', maxEventBytes, 'limits.maxEventBytes');
  }
  const rest = cutter.rest();
  if (rest.length > 0) yield parseFrame(rest);
}

function tooLarge(what: string, maxBytes: number, setting: string): CodexPlusError {
  return new CodexPlusError(
    'answer_too_large',
    `${what} of the upstream is larger than ${maxBytes} bytes; raise ${setting} in codex_plus.json to accept it`,
  );
}
