/** An escaped path as the file system takes it. */
export function rawPath(escaped: string): string | Buffer {
  if (escaped.isWellFormed()) return escaped;
  const parts = escaped.split(/([\udc80-\udcff])/u);
  return Buffer.concat(
    parts.map((part) => (part.isWellFormed() ? Buffer.from(part) : Buffer.of(part.charCodeAt(0) - 0xdc00))),
  );
}
