/**
 * Characters that change how text around them looks, or are not seen: controls, directions, joiners, fillers, line separators
 * and what has no meaning. A selector behind a picture belongs to it.
 */
const unseen =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\p{Cn}]|(?!(?<=\p{Extended_Pictographic})[\uFE0E\uFE0F])\p{Default_Ignorable_Code_Point}/gu;

/** Text of others in which nothing hides: what is not seen is written as its code, and lines stay lines. */
export function visibleText(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replaceAll('\t', '    ')
    .replace(unseen, (character) => (character === '\n' ? character : codeOf(character)));
}

/** The text without what is not seen, but for line ends and tabs; the same where there is nothing of the kind. */
export function withoutUnseen(text: string): string {
  if (!/[^\n\t -~]/.test(text)) return text;
  return text.replace(unseen, (character) => (character === '\n' || character === '\t' ? character : ''));
}

/** The same in one line of at most so many characters. */
export function visibleLine(text: string, maxLength: number): string {
  const line = visibleText(text).replaceAll('\n', ' ').trim();
  return line.length > maxLength ? `${line.slice(0, maxLength - 1)}…` : line;
}

/** JSON that nothing hides in when it is shown: what is not seen is written as JSON's own escapes. */
export function visibleJson(json: string): string {
  // All that is not seen but line ends, which stand between members, is above ASCII or DEL: a string has its
  // controls escaped.
  if (!/[^\n -~]/.test(json)) return json;
  return json.replace(unseen, (text) => (text === '\n' ? text : unitsOf(text)));
}

function unitsOf(character: string): string {
  return Array.from({ length: character.length }, (_, at) => {
    return `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`;
  }).join('');
}

function codeOf(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
