import type { ByteStream } from '../../kernel/byte-stream.ts';
import { CodexPlusError } from '../../kernel/errors.ts';

/**
 * All bytes of an answer that is no stream. Throws `answer_too_large` once there are more than `maxBytes`, and
 * gives up the rest.
 */
export function collectWhole(stream: ByteStream, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    stream.deliver({
      data: (chunk) => {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes <= maxBytes) return true;
        stream.cancel();
        reject(tooLarge(maxBytes));
        return false;
      },
      end: () => {
        resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks));
      },
      fail: reject,
    });
  });
}

function tooLarge(maxBytes: number): CodexPlusError {
  return new CodexPlusError(
    'answer_too_large',
    `the answer of the upstream is larger than ${maxBytes} bytes; raise limits.maxEventBytes in codex_plus.json to accept it`,
  );
}
