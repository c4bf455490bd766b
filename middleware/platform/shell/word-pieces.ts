import type { DoubleQuotedChild, ParameterExpansionPart, Word, WordPart } from 'unbash';
import type { Possible, UnknownWord } from './shell-command.ts';
import { hereDocumentText } from './here-document-text.ts';
import { either, exactly, valueOf, type ShellState } from './shell-state.ts';

/** A stretch of a word. Quoted ones are not split and have no wildcards. */
export type WordPiece =
  | { readonly kind: 'text'; readonly value: string; readonly isQuoted: boolean }
  | { readonly kind: 'wildcard'; readonly text: string }
  | {
      readonly kind: 'values';
      readonly values: Possible;
      readonly isQuoted: boolean;
      readonly splits: boolean;
    }
  | { readonly kind: 'unknown'; readonly unknown: UnknownWord };

/** The stretches of a word after braces, with the values that its variables may have. */
export function piecesOf(word: Word, state: ShellState): readonly WordPiece[] {
  const tilde = tildeOf(word.text, state);
  const pieces = writtenPieces(word, state);
  if (tilde === undefined) return pieces;
  if (tilde.home === undefined) return [unknown('expansion')];
  const [first, ...rest] = pieces;
  if (first?.kind !== 'text') return pieces;
  const name = first.value.slice(0, tilde.at);
  return [literal(name + tilde.home + first.value.slice(tilde.at + 1)), ...rest];
}

function writtenPieces(word: Word, state: ShellState): readonly WordPiece[] {
  if (word.parts === undefined) return [literal(word.value)];
  const pieces = word.parts.flatMap((part) =>
    isQuoted(part) ? quoted(part, state) : [unquoted(part, state)],
  );
  const hasWildcard = pieces.some(({ kind }) => kind === 'wildcard');
  // In zsh `**` is any folder below.
  const isElsewhere = state.globsElsewhere || (state.mayBeZsh && word.text.includes('**'));
  return hasWildcard && isElsewhere ? [...pieces, orAnything] : pieces;
}

/** Makes of a word one that may become anything as well. */
const orAnything: WordPiece = {
  kind: 'values',
  values: { values: [''], open: true },
  isQuoted: true,
  splits: true,
};

/** Where a word has `~` or `~/` that becomes a folder: at its start, or behind the `=` of what looks like an assignment. */
function tildeOf(text: string, state: ShellState): { at: number; home: string | undefined } | undefined {
  const match = /^((?:[A-Za-z_]\w*\+?=)?)~([^/]*)/.exec(text);
  if (match === null) return undefined;
  const [, name = '', user = ''] = match;
  if (user === '') return { at: name.length, home: knownHome(state) };
  // `~user`, `~+`; with a quote or an expansion behind it the tilde stays as it is.
  return /^[\w.+-]+$/.test(user) ? { at: name.length, home: undefined } : undefined;
}

function knownHome(state: ShellState): string | undefined {
  const home = valueOf(state, 'HOME');
  return home.open || home.values.length !== 1 ? undefined : home.values[0];
}

type QuotedPart = Extract<WordPart, { type: 'DoubleQuoted' | 'LocaleString' }>;

function isQuoted(part: WordPart): part is QuotedPart {
  return part.type === 'DoubleQuoted' || part.type === 'LocaleString';
}

function quoted(part: QuotedPart, state: ShellState): readonly WordPiece[] {
  // An empty text keeps an empty argument in being.
  return [text(''), ...part.parts.map((child) => expansion(child, state, true))];
}

function unquoted(part: Exclude<WordPart, QuotedPart>, state: ShellState): WordPiece {
  switch (part.type) {
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return text(part.value);
    case 'Glob':
      return { kind: 'wildcard', text: part.text };
    case 'ProcessSubstitution':
      return unknown('process-substitution');
    case 'ExtendedGlob':
    case 'BraceExpansion':
      return unknown('expansion');
    case 'Literal':
      return literal(part.value);
    case 'SimpleExpansion':
    case 'ParameterExpansion':
    case 'CommandExpansion':
    case 'ArithmeticExpansion':
      return expansion(part, state, false);
  }
}

function expansion(part: DoubleQuotedChild, state: ShellState, inQuotes: boolean): WordPiece {
  switch (part.type) {
    case 'Literal':
      return text(part.value);
    case 'SimpleExpansion':
      return variable(part.text.slice(1), state, inQuotes);
    case 'ParameterExpansion':
      return parameter(part, state, inQuotes);
    case 'CommandExpansion': {
      const written = inQuotes ? hereDocumentText(part) : undefined;
      return written === undefined ? unknown('substitution') : text(written);
    }
    case 'ArithmeticExpansion':
      return unknown(/^[\d\s$()+*/%<>=&|^~!?:-]*$/.test(part.text) ? 'number' : 'variable');
  }
}

function variable(name: string, state: ShellState, inQuotes: boolean): WordPiece {
  // The exit code, the number of arguments, process ids: digits, whatever they are.
  if (/^[?#$!]$/.test(name)) return unknown('number');
  return /^[A-Za-z_]\w*$/.test(name) ? possible(valueOf(state, name), state, inQuotes) : unknown('variable');
}

function parameter(part: ParameterExpansionPart, state: ShellState, inQuotes: boolean): WordPiece {
  const { parameter: name, operation } = part;
  if (part.prefix === '#') return unknown('number');
  if (part.prefix !== undefined || part.index !== undefined) return unknown('variable');
  if (operation === undefined) return variable(name, state, inQuotes);
  if (operation.type !== 'Default' || operation.operand.parts !== undefined) return unknown('variable');
  // `${x:-y}` is x or y, whatever the operator says of unset and empty; `${x:+y}` is y or nothing.
  const other = exactly(operation.operand.value);
  const own = operation.operator.endsWith('+') ? exactly('') : valueOf(state, name);
  return possible(either(own, other), state, inQuotes);
}

function possible(values: Possible, state: ShellState, inQuotes: boolean): WordPiece {
  // Zsh neither splits a value nor looks for files in it.
  const isOther = state.mayBeZsh && !inQuotes && values.values.some((value) => /[\s*?[]/.test(value));
  const known = isOther ? { values: values.values, open: true } : values;
  return { kind: 'values', values: known, isQuoted: inQuotes, splits: !state.splitsElsewhere };
}

function text(value: string): WordPiece {
  return { kind: 'text', value, isQuoted: true };
}

function literal(value: string): WordPiece {
  return { kind: 'text', value, isQuoted: false };
}

function unknown(reason: UnknownWord): WordPiece {
  return { kind: 'unknown', unknown: reason };
}
