import type { ByteStream } from '../../kernel/byte-stream.ts';

/** All bytes of a stream. Once there are more than `maxBytes`, the rest is given up. */
export async function collect(stream: ByteStream, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > maxBytes) break;
  }
  return Buffer.concat(chunks);
}
