/**
 * A header list as it stands on the wire: name, value, name, value … in order, case kept, repeats kept.
 * The shape of `IncomingMessage.rawHeaders`, and what undici and `writeHead` take as it is.
 */
export type RawHeaders = readonly string[];

/** The first value of a header, its name given in lower case; `undefined` when there is none. */
export function headerValue(headers: RawHeaders, lowerName: string): string | undefined {
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i];
    if (name?.length === lowerName.length && name.toLowerCase() === lowerName) return headers[i + 1];
  }
  return undefined;
}

/** The names of the list in lower case, in order, repeats kept. */
export function headerNames(headers: RawHeaders): readonly string[] {
  return headers.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
}

/** The list without the named headers (names in lower case), order and case kept. */
export function withoutHeaders(headers: RawHeaders, lowerNames: ReadonlySet<string>): string[] {
  const kept: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] ?? '';
    if (!lowerNames.has(name.toLowerCase())) kept.push(name, headers[i + 1] ?? '');
  }
  return kept;
}
