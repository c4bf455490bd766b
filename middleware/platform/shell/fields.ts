import type { UnknownWord } from './shell-command.ts';
import type { WordPiece } from './word-pieces.ts';

/** One argument that came out of a word. */
export interface Field {
  readonly value: string;
  readonly pattern: string | undefined;
}

export interface Fields {
  readonly alternatives: readonly (readonly Field[])[];
  /** Why the word may also become something else. */
  readonly unknown: UnknownWord | undefined;
}

/** A way that the pieces read so far may go: whole arguments, and the one that is still open. */
interface Way {
  readonly whole: readonly Field[];
  readonly open: OpenField | undefined;
}

interface OpenField {
  readonly value: string;
  readonly pattern: string;
  readonly hasWildcard: boolean;
}

const maxWays = 64;
/** Longer than this a word with variables is given up on. */
const maxLength = 10_000;
const wildcard = /[*?[]/;

/** Puts the pieces of a word together; unquoted values are split at white space where `split` asks for it. */
export function fieldsOf(pieces: readonly WordPiece[], { split }: { readonly split: boolean }): Fields {
  let ways: readonly Way[] = [{ whole: [], open: undefined }];
  let unknown: UnknownWord | undefined;
  for (const piece of pieces) {
    if (piece.kind === 'unknown') return { alternatives: [], unknown: piece.unknown };
    const doubt = doubtOf(piece, split);
    if (unknown === undefined || doubt === 'variable') unknown = doubt;
    ways = ways.flatMap((way) => continued(way, piece, split));
    const isTooLong =
      piece.kind === 'values' && ways.some(({ open }) => (open?.value.length ?? 0) > maxLength);
    if (isTooLong || ways.length > maxWays) return { alternatives: [], unknown: 'variable' };
  }
  return { alternatives: ways.map(close).map((way) => way.whole), unknown };
}

/**
 * Why a piece may also become something else. A loop's variable has one of its values, so it leaves other doubts as
 * they are.
 */
function doubtOf(piece: WordPiece, split: boolean): UnknownWord | undefined {
  if (piece.kind !== 'values') return undefined;
  const { values, isQuoted, splits } = piece;
  if ((values.open && values.isListed !== true) || (split && !isQuoted && !splits)) return 'variable';
  return values.open ? 'loop-variable' : undefined;
}

function continued(way: Way, piece: Exclude<WordPiece, { kind: 'unknown' }>, split: boolean): readonly Way[] {
  switch (piece.kind) {
    case 'text':
      return [append(way, { value: piece.value, pattern: escaped(piece.value), hasWildcard: false })];
    case 'wildcard':
      return [append(way, { value: piece.text, pattern: piece.text, hasWildcard: true })];
    case 'values':
      return [
        ...piece.values.values.map((value) => withValue(way, value, piece.isQuoted, split)),
        // Which files these stand for is only looked up where files matter.
        ...(piece.values.patterns ?? []).map((text) =>
          append(way, { value: text, pattern: text, hasWildcard: true }),
        ),
      ];
  }
}

function withValue(way: Way, value: string, isQuoted: boolean, split: boolean): Way {
  if (isQuoted) return append(way, { value, pattern: escaped(value), hasWildcard: false });
  const parts = split ? value.split(/[ \t\n]+/) : [value];
  let current = way;
  for (const [index, part] of parts.entries()) {
    if (index > 0) current = close(current);
    if (part !== '')
      current = append(current, { value: part, pattern: part, hasWildcard: wildcard.test(part) });
  }
  return current;
}

function append(way: Way, more: OpenField): Way {
  const { open } = way;
  if (open === undefined) return { ...way, open: more };
  return {
    ...way,
    open: {
      value: open.value + more.value,
      pattern: open.pattern + more.pattern,
      hasWildcard: open.hasWildcard || more.hasWildcard,
    },
  };
}

function close({ whole, open }: Way): Way {
  if (open === undefined) return { whole, open };
  const field = { value: open.value, pattern: open.hasWildcard ? open.pattern : undefined };
  return { whole: [...whole, field], open: undefined };
}

function escaped(value: string): string {
  return value.replace(/[*?[\]\\]/g, '\\$&');
}
