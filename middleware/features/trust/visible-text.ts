/**
 * Characters that change how text around them looks, or are not seen: controls, directions, joiners, line separators and
 * what has no meaning.
 */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\p{Cn}]/gu;

/** Text of others in which nothing hides: what is not seen is written as its code, and lines stay lines. */
export function visibleText(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replaceAll('\t', '    ')
    .replace(unseen, (character) => (character === '\n' ? character : codeOf(character)));
}

/** The same in one line of at most so many characters. */
export function visibleLine(text: string, maxLength: number): string {
  const line = visibleText(text).replaceAll('\n', ' ').trim();
  return line.length > maxLength ? `${line.slice(0, maxLength - 1)}…` : line;
}

function codeOf(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
