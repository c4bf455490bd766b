/**
 * Escapes of halves of letters beyond the first plane. One behind the other is a whole letter; behind a backslash that is escaped itself
 * there is none.
 */
const escapes =
  /\\\\|\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|\\u[dD][89a-fA-F][\da-fA-F]{2}/g;
const halfLength = String.raw`\ud800`.length;
/** As long as what it stands for, so that every place in the JSON stays where it is. */
const replacement = String.raw`\ufffd`;

/**
 * JSON in which no letter is cut in half: many parsers refuse all of a JSON for one that is, and a conversation with it would be refused
 * for good. The same text where there is none.
 */
export function withoutHalfLetters(json: string): string {
  if (!json.includes(String.raw`\ud`) && !json.includes(String.raw`\uD`)) return json;
  return json.replace(escapes, (escape) => (escape.length === halfLength ? replacement : escape));
}

const anyEscape = Buffer.from(String.raw`\u`);

/** The same of bytes. */
export function bytesWithoutHalfLetters(json: Buffer): Buffer {
  // Most have none at all, and each search goes from one backslash to the next.
  if (!json.includes(anyEscape) || (!json.includes(String.raw`\ud`) && !json.includes(String.raw`\uD`)))
    return json;
  const text = json.toString('latin1');
  const whole = withoutHalfLetters(text);
  return whole === text ? json : Buffer.from(whole, 'latin1');
}
