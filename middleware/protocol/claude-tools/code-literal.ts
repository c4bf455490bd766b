import type { CodeToken } from './code-tokens.ts';

/** A value that is written out in code, and the index of the token behind it. */
export interface CodeLiteral {
  readonly value: unknown;
  readonly next: number;
}

/** Reads a value of nothing but literals; `undefined` for any other expression. */
export function readLiteral(tokens: readonly CodeToken[], at: number): CodeLiteral | undefined {
  const token = tokens[at];
  if (token === undefined) return undefined;
  if (token.kind === 'string' || token.kind === 'template')
    return { value: unescaped(token.text), next: at + 1 };
  if (token.kind === 'number') return numberOf(token.text, at);
  if (token.kind === 'name') {
    return constants.has(token.text) ? { value: constants.get(token.text), next: at + 1 } : undefined;
  }
  if (token.text === '{') return readObject(tokens, at + 1);
  if (token.text === '[') return readList(tokens, at + 1);
  if (token.text !== '-') return undefined;
  const positive = readLiteral(tokens, at + 1);
  return typeof positive?.value === 'number' ? { value: -positive.value, next: positive.next } : undefined;
}

const constants: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);

function numberOf(text: string, at: number): CodeLiteral | undefined {
  const value = Number(text.replaceAll('_', ''));
  return Number.isNaN(value) ? undefined : { value, next: at + 1 };
}

function readObject(tokens: readonly CodeToken[], start: number): CodeLiteral | undefined {
  const entries: [string, unknown][] = [];
  let at = start;
  while (tokens[at]?.text !== '}') {
    const key = keyOf(tokens[at]);
    if (key === undefined || tokens[at + 1]?.text !== ':') return undefined;
    const value = readLiteral(tokens, at + 2);
    if (value === undefined) return undefined;
    entries.push([key, value.value]);
    at = value.next;
    if (tokens[at]?.text === ',') at += 1;
    else if (tokens[at]?.text !== '}') return undefined;
  }
  return { value: Object.fromEntries(entries), next: at + 1 };
}

function readList(tokens: readonly CodeToken[], start: number): CodeLiteral | undefined {
  const values: unknown[] = [];
  let at = start;
  while (tokens[at]?.text !== ']') {
    const value = readLiteral(tokens, at);
    if (value === undefined) return undefined;
    values.push(value.value);
    at = value.next;
    if (tokens[at]?.text === ',') at += 1;
    else if (tokens[at]?.text !== ']') return undefined;
  }
  return { value: values, next: at + 1 };
}

function keyOf(token: CodeToken | undefined): string | undefined {
  if (token?.kind === 'name' || token?.kind === 'number') return token.text;
  return token?.kind === 'string' ? unescaped(token.text) : undefined;
}

const escape = /\\(?:u\{([0-9a-f]+)\}|u([0-9a-f]{4})|x([0-9a-f]{2})|(\r\n|[^]))/gi;

/** The text that a string or a template stands for. */
function unescaped(literal: string): string {
  return literal.slice(1, -1).replace(escape, (_all, ...groups: (string | undefined)[]) => {
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
