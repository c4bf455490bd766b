import type { ByteStream } from '../../kernel/byte-stream.ts';
import type { SseFrame } from '../../kernel/sse-frame.ts';
import { SseCutter } from '../../protocol/sse-cutter.ts';
import { parseFrame } from '../../protocol/sse-frame.ts';

/**
 * The frames of an event stream, as they arrive. Joined, their bytes are the stream's: what stands after the last blank
 * line comes as a last frame, unless the stream breaks, which throws.
 */
export async function* readFrames(stream: ByteStream): AsyncGenerator<SseFrame, void, undefined> {
  const cutter = new SseCutter();
  let ready: SseFrame[] = [];
  const onFrame = (raw: Buffer): void => {
    ready.push(parseFrame(raw));
  };
  for await (const chunk of stream) {
    cutter.feed(chunk, onFrame);
    if (ready.length === 0) continue;
    const frames = ready;
    ready = [];
    yield* frames;
  }
  const rest = cutter.rest();
  if (rest.length > 0) yield parseFrame(rest);
}
