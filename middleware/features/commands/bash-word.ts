export type BashWord =
  | {
      readonly kind: 'word';
      /** Quotes and backslashes removed. */
      readonly value: string;
      /** As it is written. */
      readonly raw: string;
      readonly end: number;
    }
  /** A quote is not closed. */
  | { readonly kind: 'unbalanced' }
  /** A backtick is not closed. */
  | { readonly kind: 'broken' };

/** Reads the word that begins here by bash's rules of quoting; substitutions stay as they are written. */
export function readWord(text: string, start: number): BashWord {
  let value = '';
  let at = start;
  while (at < text.length && !isDelimiter(text, at, start)) {
    const part = readPart(text, at);
    if (typeof part === 'string') return { kind: part };
    value += part.value;
    at = part.end;
  }
  return { kind: 'word', value, raw: text.slice(start, at), end: at };
}

function isDelimiter(text: string, at: number, start: number): boolean {
  const character = text[at] ?? '';
  // `<(…)` and `>(…)` are words of their own.
  if (at === start && /[<>]/.test(character)) return text[at + 1] !== '(';
  return /[\s|&;()<>]/.test(character);
}

interface Part {
  readonly value: string;
  readonly end: number;
}

function readPart(text: string, at: number): Part | 'unbalanced' | 'broken' {
  const character = text[at] ?? '';
  switch (character) {
    case "'":
      return readSingleQuoted(text, at);
    case '"':
      return readDoubleQuoted(text, at);
    case '`':
      return readBackticked(text, at);
    case '\\':
      return readEscape(text, at);
    case '$':
    case '<':
    case '>':
      if (text[at + 1] === '(') return rawPart(text, at, endOfSubstitution(text, at + 1));
      return rawPart(text, at, at + 1);
    default:
      return rawPart(text, at, at + 1);
  }
}

function rawPart(text: string, at: number, end: number): Part {
  return { value: text.slice(at, end), end };
}

function readSingleQuoted(text: string, at: number): Part | 'unbalanced' {
  const close = text.indexOf("'", at + 1);
  return close === -1 ? 'unbalanced' : { value: text.slice(at + 1, close), end: close + 1 };
}

/** Only the quotes go: a backslash stays, and keeps the quote after it from closing. */
function readDoubleQuoted(text: string, at: number): Part | 'unbalanced' {
  for (let end = at + 1; end < text.length; end++) {
    if (text[end] === '\\') end += 1;
    else if (text[end] === '"') return { value: text.slice(at + 1, end), end: end + 1 };
  }
  return 'unbalanced';
}

function readBackticked(text: string, at: number): Part | 'broken' {
  const close = text.indexOf('`', at + 1);
  return close === -1 ? 'broken' : rawPart(text, at, close + 1);
}

function readEscape(text: string, at: number): Part {
  const next = text[at + 1] ?? '\\';
  return { value: next === '\n' ? '' : next, end: Math.min(at + 2, text.length) };
}

/** To the closing parenthesis, or to the end of the text where none closes it. */
function endOfSubstitution(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '(') depth += 1;
    else if (text[at] === ')' && --depth === 0) return at + 1;
  }
  return text.length;
}
