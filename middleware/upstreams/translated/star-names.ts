/** What stands in a name for each star of a pattern; `undefined` for a name that does not fit. */
export function textsOfStars(pattern: string, name: string): readonly string[] | undefined {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop() ?? '';
  if (!name.startsWith(first) || !name.endsWith(last)) return undefined;
  const found: string[] = [];
  let at = first.length;
  for (const part of rest) {
    const next = name.indexOf(part, at);
    if (next < 0) return undefined;
    found.push(name.slice(at, next));
    at = next + part.length;
  }
  const end = name.length - last.length;
  return end < at ? undefined : [...found, name.slice(at, end)];
}

/** A name with these texts in place of its stars. */
export function withTexts(pattern: string, found: readonly string[]): string {
  const texts = [...found];
  return pattern.replace(/\*/g, () => texts.shift() ?? '*');
}
