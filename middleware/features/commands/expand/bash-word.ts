import { endOfGroup } from './end-of-group.ts';

export type BashWord =
  | {
      readonly kind: WordKind;
      /** Quotes and backslashes removed; as it is written where a quote is not closed. */
      readonly value: string;
      /** As it is written. */
      readonly raw: string;
      readonly end: number;
    }
  /** A backtick is not closed. */
  | { readonly kind: 'broken' };

/**
 * Whether the word consists of nothing but one parameter (`$x`, `${x}`, `$((1))`), or of one command (`$(x)`, ``
 * `x` ``, `<(x)`).
 */
type WordKind = 'text' | 'expansion' | 'substitution';

/** Reads the word that begins here by bash's rules of quoting; expansions and substitutions stay as they are written. */
export function readWord(text: string, start: number): BashWord {
  let value = '';
  let at = start;
  let kind: WordKind | undefined;
  while (at < text.length && !isDelimiter(text, at, start)) {
    const part = readPart(text, at);
    if (part === 'broken') return { kind: part };
    if (part === 'unbalanced') {
      const raw = text.slice(start);
      return { kind: 'text', value: raw, raw, end: text.length };
    }
    kind = kind === undefined ? (part.kind ?? 'text') : 'text';
    value += part.value;
    at = part.end;
  }
  return { kind: kind ?? 'text', value, raw: text.slice(start, at), end: at };
}

function isDelimiter(text: string, at: number, start: number): boolean {
  const character = text[at] ?? '';
  // `<(…)` and `>(…)` are words of their own.
  if (at === start && /[<>]/.test(character)) return text[at + 1] !== '(';
  // A backslash that nothing follows is part of no word.
  return /[\s|&;()<>]/.test(character) || (character === '\\' && at + 1 === text.length);
}

interface Part {
  readonly value: string;
  readonly end: number;
  readonly kind?: WordKind;
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
      return readDollar(text, at);
    case '<':
    case '>':
      return text[at + 1] === '(' ? readSubstitution(text, at) : rawPart(text, at, at + 1);
    default:
      return rawPart(text, at, at + 1);
  }
}

function rawPart(text: string, at: number, end: number, kind: WordKind = 'text'): Part {
  return { value: text.slice(at, end), end, kind };
}

/** What stands in `$'…'` is left as it is written, its quotes included. */
function readDollar(text: string, at: number): Part | 'unbalanced' {
  const next = text[at + 1];
  if (next === '(') return text[at + 2] === '(' ? readArithmetic(text, at) : readSubstitution(text, at);
  if (next === '{') return rawPart(text, at, endOfGroup(text, at + 1, '{}') ?? text.length, 'expansion');
  if (next === "'") {
    const quoted = readEscapedQuoted(text, at + 1, "'");
    return quoted === 'unbalanced' ? quoted : rawPart(text, at, quoted.end);
  }
  const parameter = /\$(?:\w+|[*@?!#$-])/y;
  parameter.lastIndex = at;
  return parameter.test(text)
    ? rawPart(text, at, parameter.lastIndex, 'expansion')
    : rawPart(text, at, at + 1);
}

function readArithmetic(text: string, at: number): Part {
  return rawPart(text, at, endOfGroup(text, at + 1, '()') ?? text.length, 'expansion');
}

/** To the closing parenthesis, or to the end of the text where none closes it. */
function readSubstitution(text: string, at: number): Part {
  return rawPart(text, at, endOfGroup(text, at + 1, '()') ?? text.length, 'substitution');
}

function readSingleQuoted(text: string, at: number): Part | 'unbalanced' {
  const close = text.indexOf("'", at + 1);
  return close === -1 ? 'unbalanced' : { value: text.slice(at + 1, close), end: close + 1 };
}

/** Only the quotes go: a backslash stays, and keeps the quote after it from closing. */
function readDoubleQuoted(text: string, at: number): Part | 'unbalanced' {
  return readEscapedQuoted(text, at, '"');
}

function readEscapedQuoted(text: string, at: number, quote: string): Part | 'unbalanced' {
  for (let end = at + 1; end < text.length; end++) {
    if (text[end] === '\\') end += 1;
    else if (text[end] === quote) return { value: text.slice(at + 1, end), end: end + 1 };
  }
  return 'unbalanced';
}

function readBackticked(text: string, at: number): Part | 'broken' {
  const close = text.indexOf('`', at + 1);
  return close === -1 ? 'broken' : rawPart(text, at, close + 1, 'substitution');
}

function readEscape(text: string, at: number): Part {
  const next = text[at + 1] ?? '';
  return { value: next === '\n' ? '' : next, end: Math.min(at + 2, text.length) };
}
