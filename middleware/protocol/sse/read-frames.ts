import type { AnswerLimits } from '../../kernel/answer-limits.ts';
import type { ByteStream } from '../../kernel/byte-stream.ts';
import type { SseFrame } from '../../kernel/sse-frame.ts';
import { FrameReader } from './frame-reader.ts';

/**
 * The frames of an event stream, as they arrive. Joined, their bytes are the stream's: what stands after the last blank
 * line comes as a last frame, unless the stream breaks, which throws. So does more than `limits` (`answer_too_large`): the
 * frames before it have come by then, and the rest is given up.
 */
export function readFrames(
  stream: ByteStream,
  limits: AnswerLimits,
): AsyncGenerator<SseFrame, void, undefined> {
  return readOn(stream, new FrameReader(limits), []);
}

/** The same for a stream of which a reader has taken the beginning; `taken`: the frames of it that come first. */
export async function* readOn(
  stream: AsyncIterable<Buffer>,
  reader: FrameReader,
  taken: readonly SseFrame[],
): AsyncGenerator<SseFrame, void, undefined> {
  yield* taken;
  reader.assertWithin();
  for await (const chunk of stream) {
    const frames = reader.take(chunk);
    if (frames.length > 0) yield* frames;
    reader.assertWithin();
  }
  yield* reader.rest();
}
