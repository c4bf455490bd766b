/** More than any list of models takes. */
const maxBytes = 16 * 1024 * 1024;

/** The text of an answer's body. Throws when there is more of it than whoever answers there could mean. */
export async function boundedText(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    // Leaving the loop gives the rest of the answer up.
    if (bytes > maxBytes) throw new Error(`its answer is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
