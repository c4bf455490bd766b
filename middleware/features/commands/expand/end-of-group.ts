/** Behind the bracket that closes the one at `open`; `undefined` where none does. One behind a backslash does not count. */
export function endOfGroup(text: string, open: number, pair: '()' | '{}'): number | undefined {
  const [opening, closing] = pair;
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === opening) depth += 1;
    else if (text[at] === closing && --depth === 0) return at + 1;
  }
  return undefined;
}
