import type { ByteStream } from '../../kernel/byte-stream.ts';
import { bytesStream } from './bytes-stream.ts';
import { PushStream } from './push-stream.ts';

/** The body of an answer after it was looked at. */
interface LookedAt {
  /** All of it; `undefined` for a body that is longer. */
  readonly bytes: Buffer | undefined;
  /** The same body, unread: none of it is lost. */
  readonly body: ByteStream;
}

/** Reads a body that is no longer than `maxBytes`; of a longer one no more than that is held. Rejects where it breaks before. */
export function readShort(source: ByteStream, maxBytes: number): Promise<LookedAt> {
  const { whole } = source;
  if (whole !== undefined && whole.length <= maxBytes) return Promise.resolve({ bytes: whole, body: source });
  return new Promise((resolve, reject) => {
    const begun: Buffer[] = [];
    let size = 0;
    let long: PushStream | undefined;
    let isPaused = false;
    source.deliver({
      data: (chunk) => {
        if (long === undefined) {
          begun.push(chunk);
          size += chunk.length;
          if (size <= maxBytes) return true;
          long = new PushStream({
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
          for (const piece of begun) long.push(piece);
          resolve({ bytes: undefined, body: long });
        } else long.push(chunk);
        return !isPaused;
      },
      end: () => {
        if (long !== undefined) {
          long.finish();
          return;
        }
        const bytes = Buffer.concat(begun);
        resolve({ bytes, body: bytesStream(bytes) });
      },
      fail: (error) => {
        if (long === undefined) reject(error);
        else long.break(error);
      },
    });
  });
}
