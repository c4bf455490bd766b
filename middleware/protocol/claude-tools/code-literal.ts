import type { CodeToken } from './code-tokens.ts';

/** A value that is written out in code, and the index of the token behind it. */
export interface CodeLiteral {
  readonly value: unknown;
  readonly next: number;
}

/** Deeper than any tool's input, and far from the end of the stack. */
const maxDepth = 100;

/** Reads a value of nothing but literals; `undefined` for any other expression, and for one that is nested too deep. */
export function readLiteral(tokens: readonly CodeToken[], at: number, depth = 0): CodeLiteral | undefined {
  const token = tokens[at];
  if (token === undefined) return undefined;
  if (token.kind === 'string' || token.kind === 'template') return literalOf(unescaped(token.text), at);
  if (token.kind === 'number') return literalOf(numberOf(token.text), at);
  if (token.kind === 'name') {
    return constants.has(token.text) ? { value: constants.get(token.text), next: at + 1 } : undefined;
  }
  return depth < maxDepth ? readNested(tokens, at, depth + 1) : undefined;
}

function readNested(tokens: readonly CodeToken[], at: number, depth: number): CodeLiteral | undefined {
  const sign = tokens[at]?.text;
  if (sign === '{') return readObject(tokens, at + 1, depth);
  if (sign === '[') return readList(tokens, at + 1, depth);
  if (sign !== '-') return undefined;
  const positive = readLiteral(tokens, at + 1, depth);
  return typeof positive?.value === 'number' ? { value: -positive.value, next: positive.next } : undefined;
}

const constants: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);

function literalOf(value: string | number | undefined, at: number): CodeLiteral | undefined {
  return value === undefined ? undefined : { value, next: at + 1 };
}

function numberOf(text: string): number | undefined {
  // A script takes `010` for eight, and a module for a fault.
  if (/^0\d/.test(text)) return undefined;
  const value = Number(text.replaceAll('_', ''));
  return Number.isNaN(value) ? undefined : value;
}

function readObject(tokens: readonly CodeToken[], start: number, depth: number): CodeLiteral | undefined {
  const entries: [string, unknown][] = [];
  let at = start;
  while (tokens[at]?.text !== '}') {
    const key = keyOf(tokens[at]);
    if (key === undefined || tokens[at + 1]?.text !== ':') return undefined;
    const value = readLiteral(tokens, at + 2, depth);
    if (value === undefined) return undefined;
    entries.push([key, value.value]);
    at = value.next;
    if (tokens[at]?.text === ',') at += 1;
    else if (tokens[at]?.text !== '}') return undefined;
  }
  return { value: Object.fromEntries(entries), next: at + 1 };
}

function readList(tokens: readonly CodeToken[], start: number, depth: number): CodeLiteral | undefined {
  const values: unknown[] = [];
  let at = start;
  while (tokens[at]?.text !== ']') {
    const value = readLiteral(tokens, at, depth);
    if (value === undefined) return undefined;
    values.push(value.value);
    at = value.next;
    if (tokens[at]?.text === ',') at += 1;
    else if (tokens[at]?.text !== ']') return undefined;
  }
  return { value: values, next: at + 1 };
}

function keyOf(token: CodeToken | undefined): string | undefined {
  if (token?.kind === 'name') return token.text;
  // `{ 0x10: … }` has a member called 16.
  if (token?.kind === 'number') return numberOf(token.text)?.toString();
  return token?.kind === 'string' ? unescaped(token.text) : undefined;
}

const escape = /\\(?:u\{([0-9a-f]+)\}|u([0-9a-f]{4})|x([0-9a-f]{2})|(\r\n|[^]))/gi;
/** What is an octal escape to a script and a fault to a module, or an escape that is not finished. */
const doubtfulEscape = /(?<!\\)(?:\\\\)*\\(?:[1-9]|0\d|x(?![0-9a-f]{2})|u(?!\{[0-9a-f]+\}|[0-9a-f]{4}))/i;
const lastCodePoint = 0x10ffff;

/** The text that a string or a template stands for; `undefined` where engines may disagree. */
function unescaped(literal: string): string | undefined {
  if (doubtfulEscape.test(literal)) return undefined;
  // Engines read every line end in a template as a line feed.
  const text = literal.startsWith('`') ? literal.replaceAll(/\r\n?/g, '\n') : literal;
  const codes = Array.from(text.matchAll(escape), ([, point, unit, byte]) => point ?? unit ?? byte ?? '0');
  if (codes.some((hex) => Number.parseInt(hex, 16) > lastCodePoint)) return undefined;
  return text.slice(1, -1).replace(escape, (_all, ...groups: (string | undefined)[]) => {
    const [point, unit, byte, character = ''] = groups;
    const hex = point ?? unit ?? byte;
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    return characters.get(character) ?? character;
  });
}

/** A line break behind a backslash is none. */
const characters: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...{ n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v', 0: '\0' },
    ...{ '\n': '', '\r': '', '\r\n': '', '\u2028': '', '\u2029': '' },
  }),
);
