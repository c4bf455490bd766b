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
  const expression = expressionOf(segment);
  if (expression === undefined) return [];
  return namesIn(folder)
    .filter((name) => expression.test(name) && (segment.startsWith('.') || !name.startsWith('.')))
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

const pieces = /\\([^])|\*+|\?|\[[!^]?\]?(?:\[:\w+:\]|[^\]])*\]|[^]/g;

function expressionOf(segment: string): RegExp | undefined {
  const source = segment.replace(pieces, (piece, escaped?: string) => {
    if (escaped !== undefined) return literal(escaped);
    if (piece.startsWith('*')) return '[^/]*';
    if (piece === '?') return '[^/]';
    return piece.length > 2 && piece.startsWith('[') ? bracket(piece) : literal(piece);
  });
  try {
    return new RegExp(`^${source}$`, 's');
  } catch {
    // A range out of order, for example.
    return undefined;
  }
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

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
