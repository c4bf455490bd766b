import type { AnswerLimits } from '../../kernel/answer-limits.ts';
import type { ByteStream } from '../../kernel/byte-stream.ts';
import type { SseFrame } from '../../kernel/sse-frame.ts';
import { FrameReader } from '../../protocol/sse/frame-reader.ts';
import type { AnswerEvent } from '../../protocol/translation/answer-event.ts';
import type { TranslationReader, TranslationWriter } from '../../protocol/translation/translation-codec.ts';
import { PushStream } from '../transport/push-stream.ts';

interface StreamSides {
  readonly reader: TranslationReader;
  readonly writer: TranslationWriter;
}

/**
 * A provider's stream as the client's: what each frame says goes out at once, at the client's pace. A stream that
 * breaks stays broken, and one that is larger than `limits` is broken off: what was read is kept until its end.
 */
export function translatedStream(
  source: ByteStream,
  { reader, writer }: StreamSides,
  limits: AnswerLimits,
): ByteStream {
  let isPaused = false;
  const frames = new FrameReader(limits);
  const stream = new PushStream({
    pause: () => {
      isPaused = true;
    },
    resume: () => {
      isPaused = false;
      source.resume();
    },
    cancel: () => {
      source.cancel();
    },
  });
  const fail = (error: Error): void => {
    source.cancel();
    stream.break(error);
  };
  const write = (events: readonly AnswerEvent[]): void => {
    for (const event of events) for (const frame of writer.write(event)) stream.push(frame.raw);
  };
  const read = (taken: readonly SseFrame[]): void => {
    for (const frame of taken) write(reader.read(frame));
  };
  /** A fault of ours ends this answer, and nothing else. */
  const guarded = (step: () => void): boolean => {
    try {
      step();
      return true;
    } catch (error) {
      fail(error instanceof Error ? error : new Error(String(error)));
      return false;
    }
  };
  source.deliver({
    data: (chunk) =>
      guarded(() => {
        read(frames.take(chunk));
        frames.assertWithin();
      }) && !isPaused,
    end: () => {
      guarded(() => {
        read(frames.rest());
        write(reader.finish());
        stream.finish();
      });
    },
    fail: (error) => {
      stream.break(error);
    },
  });
  return stream;
}
