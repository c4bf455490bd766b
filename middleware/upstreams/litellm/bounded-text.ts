import { collectBytes } from '../../kernel/collect-bytes.ts';

/** More than any list of models takes. */
const maxBytes = 16 * 1024 * 1024;

/** The text of an answer's body. Throws when there is more of it than whoever answers there could mean. */
export async function boundedText(body: AsyncIterable<Buffer>): Promise<string> {
  const bytes = await collectBytes(body, maxBytes);
  if (bytes.length > maxBytes) throw new Error(`its answer is larger than ${maxBytes} bytes`);
  return bytes.toString();
}
