/** All bytes of a source. Once there are more than `maxBytes`, the rest is given up, and what came is longer than that. */
export async function collectBytes(source: AsyncIterable<Buffer>, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of source) {
    chunks.push(chunk);
    bytes += chunk.length;
    // Leaving the loop gives the rest up.
    if (bytes > maxBytes) break;
  }
  return Buffer.concat(chunks);
}
