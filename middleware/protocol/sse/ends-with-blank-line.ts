const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Whether bytes that begin with a line end with a blank one, as all of a frame does, whatever the line ends. */
export function endsWithBlankLine(raw: Buffer): boolean {
  const last = raw.length - 1;
  const before = raw[last] === lineFeed && raw[last - 1] === carriageReturn ? last - 2 : last - 1;
  return isLineEnd(raw[last]) && isLineEnd(raw[before]);
}

function isLineEnd(byte: number | undefined): boolean {
  return byte === lineFeed || byte === carriageReturn;
}
