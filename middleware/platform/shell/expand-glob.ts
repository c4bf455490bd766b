import { readdirSync } from 'node:fs';
import { isAbsolute, join, parse } from 'node:path';

/** More files than this are not looked for: a pattern must not keep the process busy. */
const maxPaths = 2_000;

/**
 * The absolute paths that bash puts in place of a pattern, by its defaults: `*` and `?` do not match a dot at the start of a
 * name, nor a slash. Empty when nothing matches, or a folder cannot be read.
 */
export function expandGlob(pattern: string, directory: string): readonly string[] {
  const root = isAbsolute(pattern) ? parse(directory).root : directory;
  let paths: readonly string[] = [root];
  for (const segment of pattern.split('/').filter((part) => part !== '')) {
    paths = paths.flatMap((path) => inFolder(path, segment)).slice(0, maxPaths);
  }
  return paths.length === 1 && paths[0] === root ? [] : paths;
}

function inFolder(folder: string, segment: string): readonly string[] {
  if (!/[*?[]/.test(segment.replace(/\\[^]/g, ''))) return [join(folder, segment.replace(/\\([^])/g, '$1'))];
  const tokens = tokensOf(segment);
  if (tokens === undefined) return [];
  return namesIn(folder)
    .filter((name) => isMatch(Array.from(name), tokens) && (segment.startsWith('.') || !name.startsWith('.')))
    .map((name) => join(folder, name));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // No folder, or not ours to read: bash leaves the pattern as it is then.
    return [];
  }
}

const pieces = /\\([^])|\*+|\?|\[[!^]?\]?(?:\[:\w+:\]|[^\]])*\]|[^]/gu;
/** No name has more characters. */
const maxName = 255;

/** What stands for one character, or for any number of them. */
type Token = '*' | ((character: string) => boolean);

function tokensOf(segment: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  let ones = 0;
  for (const [piece, escaped] of segment.matchAll(pieces)) {
    const token = tokenOf(piece, escaped);
    if (token === undefined) return undefined;
    tokens.push(token);
    ones += token === '*' ? 0 : 1;
    if (ones > maxName) return undefined;
  }
  return tokens;
}

function tokenOf(piece: string, escaped: string | undefined): Token | undefined {
  if (escaped !== undefined) return (character) => character === escaped;
  if (piece.startsWith('*')) return '*';
  if (piece === '?') return () => true;
  if (piece.length < 3 || !piece.startsWith('[')) return (character) => character === piece;
  try {
    const expression = new RegExp(bracket(piece), 's');
    return (character) => expression.test(character);
  } catch {
    // A range out of order, for example.
    return undefined;
  }
}

/** Goes back to the last `*` only: a regular expression would try all of them, which takes ages with names made for it. */
function isMatch(name: readonly string[], tokens: readonly Token[]): boolean {
  let [at, next] = [0, 0];
  let star: { readonly next: number; readonly at: number } | undefined;
  while (at < name.length) {
    const token = tokens[next];
    if (token === '*') {
      star = { next, at };
      next += 1;
    } else if (token?.(name[at] ?? '') === true) {
      at += 1;
      next += 1;
    } else if (star === undefined) return false;
    else {
      star = { next: star.next, at: star.at + 1 };
      at = star.at;
      next = star.next + 1;
    }
  }
  return tokens.slice(next).every((token) => token === '*');
}

/** The classes of POSIX that JavaScript has no word for, in ASCII as in the C locale. */
const classes: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  lower: 'a-z',
  upper: 'A-Z',
  xdigit: '0-9A-Fa-f',
  space: '\\s',
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`{-~',
  graph: '!-~',
  print: ' -~',
};

function bracket(piece: string): string {
  const inner = piece.slice(1, -1);
  const isNegated = /^[!^]/.test(inner);
  const members = (isNegated ? inner.slice(1) : inner).replace(
    /\[:(\w+):\]|[[\]\\^]/g,
    (part, name?: string) => (name === undefined ? `\\${part}` : (classes[name] ?? '')),
  );
  return `[${isNegated ? '^' : ''}${members}]`;
}
