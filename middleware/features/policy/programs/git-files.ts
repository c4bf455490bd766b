import { unknownWord, type ShellWord } from '../../../platform/shell/shell-command.ts';
import { readGlobalOptions } from './git-code.ts';
import { grammar, readOptions } from './option-grammar.ts';
import type { UsedFile } from './used-file.ts';

const readers = new Set(
  'diff log show blame grep add hash-object archive cat-file annotate stage difftool update-index merge-file interpret-trailers'.split(
    ' ',
  ),
);
const writers = new Set('rm mv restore checkout'.split(' '));
/** Options that name a file, of whatever subcommand. */
const fileOptions = grammar(
  '-F< -f< --file< --contents< --ignore-revs-file< --template< --add-file< --signature-file< -O< --pathspec-from-file@',
);
/** Subcommands whose input has names of files, and the options with which it has. */
const listing: Readonly<Record<string, RegExp>> = {
  'hash-object': /^--stdin-p/,
  'update-index': /^--(?:stdin|index-)/,
};

/** The files that git uses. What has no name in the words is a file that cannot be told. */
export function gitFiles(args: readonly ShellWord[]): readonly UsedFile[] {
  const [subcommand, ...rest] = readGlobalOptions(args, { isLenient: true }).operands;
  const name = subcommand?.value ?? '';
  return [...namedByOptions(args), ...operandsOf(name, rest), ...filesElsewhere(name, rest)];
}

function namedByOptions(args: readonly ShellWord[]): readonly UsedFile[] {
  return args.flatMap((word, index) => {
    // Others of git's options are not known here, so that each word may be one.
    if (!/^-./.test(word.value ?? '')) return [];
    const { options } = readOptions(args.slice(index, index + 2), fileOptions, { isLenient: true });
    return options.flatMap(({ kind, value }) =>
      value !== undefined && (kind === 'read' || kind === 'list') ? [{ role: kind, word: value }] : [],
    );
  });
}

function operandsOf(subcommand: string, rest: readonly ShellWord[]): readonly UsedFile[] {
  const words = rest.filter(({ value }) => !/^-./.test(value ?? ''));
  if (writers.has(subcommand)) return words.map((word) => ({ role: 'write', word }));
  if (!readers.has(subcommand)) return [];
  const lines = rest.filter(({ value }) => /^-L[^]+:/.test(value ?? ''));
  return [
    ...lines.map((word) => ({ role: 'read' as const, word: behind(word, /^[^]*:/) })),
    // `HEAD:.env` is the file at that commit.
    ...words.map((word) => ({ role: 'read' as const, word: behind(word, /^[^:]*:(?=.)/) })),
  ];
}

function behind(word: ShellWord, start: RegExp): ShellWord {
  return { ...word, value: word.value?.replace(start, '') };
}

function filesElsewhere(subcommand: string, rest: readonly ShellWord[]): readonly UsedFile[] {
  const isGiven = (option: RegExp): boolean => rest.some(({ value }) => option.test(value ?? ''));
  const unnamed = unknownWord('…', 'expansion');
  const isPatch =
    subcommand === 'am' || (subcommand === 'apply' && !isGiven(/^--(?:check|stat|numstat|summary)$/));
  const isListed = listing[subcommand] !== undefined && isGiven(listing[subcommand]);
  const isWritten = isPatch || (writers.has(subcommand) && isGiven(/^--pathspec-f/));
  return [
    ...(isListed ? [{ role: 'read', word: unnamed } as const] : []),
    ...(isWritten ? [{ role: 'write', word: unnamed } as const] : []),
  ];
}
