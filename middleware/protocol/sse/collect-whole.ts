import type { ByteStream } from '../../kernel/byte-stream.ts';
import { collectBytes } from '../../kernel/collect-bytes.ts';
import { CodexPlusError } from '../../kernel/errors.ts';

/**
 * All bytes of an answer that is no stream. Throws `answer_too_large` once there are more than `maxBytes`, and
 * gives up the rest.
 */
export async function collectWhole(stream: ByteStream, maxBytes: number): Promise<Buffer> {
  const bytes = await collectBytes(stream, maxBytes);
  if (bytes.length <= maxBytes) return bytes;
  throw new CodexPlusError(
    'answer_too_large',
    `the answer of the upstream is larger than ${maxBytes} bytes; raise limits.maxEventBytes in codex_plus.json to accept it`,
  );
}
