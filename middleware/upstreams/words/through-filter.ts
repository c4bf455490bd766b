import type { ByteStream } from '../../kernel/byte-stream.ts';
import { brokenStream, bytesStream } from '../transport/bytes-stream.ts';
import { iterateStream } from '../transport/iterate-stream.ts';

/** What passes bytes on, changed or later. */
export interface BytesFilter {
  /** What may go on with this chunk; empty while nothing may. */
  readonly take: (chunk: Buffer) => Buffer;
  /** What is left once nothing follows; `isBroken`: since the stream broke, and has its own error. */
  readonly rest: (isBroken: boolean) => Buffer;
}

/** A stream through a filter, at its reader's pace; `told`: the error that its reader hears of in place of one that broke it. */
export function throughFilter(
  source: ByteStream,
  filter: BytesFilter,
  told: (error: Error) => Error,
): ByteStream {
  const { whole } = source;
  return whole === undefined ? filteredStream(source, filter, told) : filteredBytes(whole, filter);
}

/** Short answers are here as a whole before anybody looks at them: what each filter makes of one is, too. */
function filteredBytes(whole: Buffer, filter: BytesFilter): ByteStream {
  let passed: Buffer = nothing;
  try {
    if (whole.length > 0) passed = filter.take(whole);
    const rest = filter.rest(false);
    if (rest.length === 0) return bytesStream(passed);
    return bytesStream(passed.length === 0 ? rest : Buffer.concat([passed, rest]));
  } catch (error) {
    return brokenStream(passed, error instanceof Error ? error : new Error(String(error)));
  }
}

const nothing = Buffer.alloc(0);

function filteredStream(source: ByteStream, filter: BytesFilter, told: (error: Error) => Error): ByteStream {
  const stream: ByteStream = {
    deliver: (sink) => {
      /** A fault of ours ends this answer, and nothing else. */
      const filtered = (step: () => Buffer): Buffer | undefined => {
        try {
          return step();
        } catch (error) {
          source.cancel();
          sink.fail(error instanceof Error ? error : new Error(String(error)));
          return undefined;
        }
      };
      const finish = (isBroken: boolean, end: () => void): void => {
        const rest = filtered(() => filter.rest(isBroken));
        if (rest === undefined) return;
        if (rest.length > 0) sink.data(rest);
        end();
      };
      source.deliver({
        data: (chunk) => {
          const passed = filtered(() => filter.take(chunk));
          return passed !== undefined && (passed.length === 0 || sink.data(passed));
        },
        end: () => {
          finish(false, () => {
            sink.end();
          });
        },
        fail: (error) => {
          finish(true, () => {
            sink.fail(told(error));
          });
        },
      });
    },
    resume: () => {
      source.resume();
    },
    cancel: () => {
      source.cancel();
    },
    [Symbol.asyncIterator]: () => iterateStream(stream),
  };
  return stream;
}
