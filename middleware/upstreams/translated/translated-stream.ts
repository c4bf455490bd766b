import type { AnswerLimits } from '../../kernel/answer-limits.ts';
import type { ByteStream } from '../../kernel/byte-stream.ts';
import { CodexPlusError } from '../../kernel/errors.ts';
import { SseCutter } from '../../protocol/sse/sse-cutter.ts';
import { parseFrame } from '../../protocol/sse/sse-frame.ts';
import type { AnswerEvent } from '../../protocol/translation/answer-event.ts';
import type { TranslationReader, TranslationWriter } from '../../protocol/translation/translation-codec.ts';
import { PushStream } from '../transport/push-stream.ts';

interface StreamSides {
  readonly reader: TranslationReader;
  readonly writer: TranslationWriter;
}

/**
 * A provider's stream as the client's: what each frame says goes out at once, at the client's pace. A stream that
 * breaks stays broken.
 */
export function translatedStream(
  source: ByteStream,
  { reader, writer }: StreamSides,
  { maxEventBytes }: Pick<AnswerLimits, 'maxEventBytes'>,
): ByteStream {
  let isPaused = false;
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
  const cutter = new SseCutter(maxEventBytes, () => {
    fail(tooLarge(maxEventBytes));
  });
  const write = (events: readonly AnswerEvent[]): void => {
    for (const event of events) for (const frame of writer.write(event)) stream.push(frame.raw);
  };
  const read = (raw: Buffer): void => {
    write(reader.read(parseFrame(raw)));
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
        cutter.feed(chunk, read);
      }) && !isPaused,
    end: () => {
      guarded(() => {
        const rest = cutter.rest();
        if (rest.length > 0) read(rest);
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

function tooLarge(maxBytes: number): CodexPlusError {
  return new CodexPlusError(
    'answer_too_large',
    `an event of the upstream is larger than ${maxBytes} bytes; raise limits.maxEventBytes in codex_plus.json to accept it`,
  );
}
