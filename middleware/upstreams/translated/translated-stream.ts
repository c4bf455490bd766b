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
 * breaks stays broken, and one that is larger than `limits` is broken off: what was read is kept until its end.
 */
export function translatedStream(
  source: ByteStream,
  { reader, writer }: StreamSides,
  { maxEventBytes, maxStreamBytes }: AnswerLimits,
): ByteStream {
  let isPaused = false;
  const counted = countedTo(maxStreamBytes);
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
    fail(tooLarge('an event', maxEventBytes, 'maxEventBytes'));
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
        cutter.feed(counted(chunk), read);
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

/** Gives chunks back as they are; throws once they are more than so many bytes. */
function countedTo(maxBytes: number): (chunk: Buffer) => Buffer {
  let sum = 0;
  return (chunk) => {
    sum += chunk.length;
    if (sum > maxBytes) throw tooLarge('the answer', maxBytes, 'maxStreamBytes');
    return chunk;
  };
}

function tooLarge(what: string, maxBytes: number, limit: string): CodexPlusError {
  return new CodexPlusError(
    'answer_too_large',
    `${what} of the upstream is larger than ${maxBytes} bytes; raise limits.${limit} in codex_plus.json to accept it`,
  );
}
