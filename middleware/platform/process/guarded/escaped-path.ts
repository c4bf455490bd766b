/**
 * A path as the disk has it, as a text. A name in it that is no UTF-8 has for each byte above 127 a lone surrogate
 * (as Python's `surrogateescape`), which no other name can have: so that it can be joined, compared, and made bytes
 * again by `rawPath`.
 */
export function escapedPath(bytes: Buffer): string {
  const path = bytes.toString();
  if (!path.includes('\ufffd')) return path;
  return bytes.toString('latin1').split('/').map(escapedName).join('/');
}

function escapedName(latin1: string): string {
  const bytes = Buffer.from(latin1, 'latin1');
  const name = bytes.toString();
  if (Buffer.from(name).equals(bytes)) return name;
  return latin1.replace(/[\x80-\xff]/g, (byte) => String.fromCharCode(0xdc00 + byte.charCodeAt(0)));
}
