import { isAbsolute, resolve } from 'node:path';
import type { Possible, ShellCommand, ShellWord } from '../../platform/shell/shell-command.ts';
import { fileUses, type FileUse, type Role } from './file-uses.ts';
import { readOptions, type OptionGrammar } from './option-grammar.ts';
import type { PolicyContext } from './policy-context.ts';
import { programArguments } from './program-arguments.ts';
import { xargs } from './starter-programs.ts';

/** A file that a shell command reads or writes. */
export interface FileAccess {
  readonly access: 'read' | 'write';
  /** Absolute. */
  readonly path: string;
}

/** A word that names a file, and what happens to the file. */
export interface UsedFile {
  readonly role: Role;
  readonly word: ShellWord;
}

/**
 * The files that a simple command reads and writes, as far as its words tell: operands and options of well-known programs.
 * `words` are those of the command itself or of one that it starts.
 */
export function programAccesses(
  words: readonly ShellWord[],
  directories: readonly string[],
  context: PolicyContext,
): readonly FileAccess[] {
  return usedFiles(words).flatMap((used) => accessesOf(used, directories, context));
}

/** The files that the redirections of a command open. */
export function redirectAccesses(command: ShellCommand, context: PolicyContext): readonly FileAccess[] {
  return redirectedFiles(command).flatMap((used) => accessesOf(used, command.directories.values, context));
}

/** How a command uses files of which nobody can tell which they are, for its words or for its folder. */
export function unresolvedUses(
  words: readonly ShellWord[],
  directories: Possible,
): readonly FileAccess['access'][] {
  return unresolvedIn(usedFiles(words), directories);
}

/** The same of its redirections. */
export function unresolvedRedirects(command: ShellCommand): readonly FileAccess['access'][] {
  return unresolvedIn(redirectedFiles(command), command.directories);
}

function redirectedFiles({ redirects }: ShellCommand): readonly UsedFile[] {
  return redirects.flatMap(({ kind, target }) =>
    kind === 'descriptor' || kind === 'text' || target === undefined ? [] : [{ role: kind, word: target }],
  );
}

function unresolvedIn(used: readonly UsedFile[], directories: Possible): readonly FileAccess['access'][] {
  return used
    .filter(({ role, word }) => role !== 'text' && isUnresolved(word, directories))
    .flatMap(({ role }) => (role === 'read-write' ? ['read', 'write'] : role === 'text' ? [] : [role]));
}

function isUnresolved({ value, unknown }: ShellWord, { open }: Possible): boolean {
  // All that a loop's variable can be is among the other ways in which the words may come out.
  if (value === undefined) return unknown !== 'loop-variable';
  // In there, names lead to folders and files of processes that do not run yet.
  if (/^\/proc\/[^/]+\/(?:task\/[^/]+\/)?(?:cwd|root|fd|map_files)\b/.test(value)) return true;
  return open && value !== '' && value !== '-' && !isAbsolute(value);
}

function usedFiles(words: readonly ShellWord[]): readonly UsedFile[] {
  const [name, ...args] = words;
  if (name === undefined) return [];
  const program = name.value?.replace(/^.*\//, '');
  // Of a program that is not known any argument may be a file that it reads.
  if (program === undefined) return filesOf(args, { operands: 'read' });
  if (program === 'git') return gitFiles(args);
  if (program === 'find')
    return [...roots(args), ...namedRoots(args)].map((word) => ({ role: 'read', word }));
  if (program === 'xargs') return optionFiles(args, xargs.options);
  if (program === 'dd')
    return prefixed(args, [
      ['if=', 'read'],
      ['of=', 'write'],
    ]);
  return knownFiles(program, args);
}

function knownFiles(program: string, args: readonly ShellWord[]): readonly UsedFile[] {
  const use = fileUses.get(program);
  if (use === undefined) return [];
  const files = filesOf(args, use);
  if (program === 'ld') return files.map(responseFile);
  if (program === 'curl') return [...files, ...curlFiles(args)];
  return program === 'sed' && writesInPlace(args) ? files.map(inPlace) : files;
}

function filesOf(args: readonly ShellWord[], use: FileUse): readonly UsedFile[] {
  const roles = use.options ?? {};
  const whole = (option: string): string => wholeOption(option, roles);
  const { options, values, operands } = programArguments(args, (option) =>
    Object.hasOwn(roles, whole(option)),
  );
  const first =
    use.insteadOfFirst?.some((option) => options.some((given) => whole(given) === option)) === true
      ? []
      : (use.first ?? []);
  const hasTarget =
    use.last !== undefined &&
    operands.length > 1 &&
    !values.some(({ option }) => roles[whole(option)] === 'write');
  return [
    ...values.map(({ option, value }) => ({ role: roles[whole(option)] ?? 'text', word: value })),
    ...operands.map((word, index) => ({
      role:
        hasTarget && index === operands.length - 1 ? (use.last ?? 'text') : (first[index] ?? use.operands),
      word,
    })),
  ];
}

/** Long options may be shortened. */
function wholeOption(option: string, roles: Readonly<Record<string, Role>>): string {
  if (Object.hasOwn(roles, option) || !/^--./.test(option)) return option;
  return Object.keys(roles).find((one) => one.startsWith(option)) ?? option;
}

/** `@file` stands for the options in a file, which the program tells of where they are none. */
function responseFile({ role, word }: UsedFile): UsedFile {
  return { role, word: { ...word, value: word.value?.replace(/^@/, '') } };
}

function inPlace(file: UsedFile): UsedFile {
  return file.role === 'read' ? { ...file, role: 'read-write' } : file;
}

function writesInPlace(args: readonly ShellWord[]): boolean {
  return args.some(({ value }) => /^(?:-[nrEsuz]*i|--in-place)/.test(value ?? ''));
}

/** The files that the options of a starter name. */
function optionFiles(args: readonly ShellWord[], options: OptionGrammar): readonly UsedFile[] {
  const read = readOptions(args, options, { stops: true });
  return read.options.flatMap(({ kind, value }) =>
    (kind === 'read' || kind === 'write') && value !== undefined ? [{ role: kind, word: value }] : [],
  );
}

/** The file in which find finds where to start, and those that it compares with. */
function namedRoots(args: readonly ShellWord[]): readonly ShellWord[] {
  return args.filter((_word, index) =>
    /^-(?:files0-from|samefile|newer(?:[aBcm]{2})?|[ac]newer)$/.test(args[index - 1]?.value ?? ''),
  );
}

/** What find starts from: its words up to the first test. */
function roots(args: readonly ShellWord[]): readonly ShellWord[] {
  const end = args.findIndex(({ value }) => /^[-(!]/.test(value ?? ''));
  return end < 0 ? args : args.slice(0, end);
}

const gitReaders = new Set(
  'diff log show blame grep add hash-object archive cat-file annotate stage difftool'.split(' '),
);
/** Options of git's that name a file, of whatever subcommand. */
const gitFileOption = /^(?:-F|-f|--file|--contents|--pathspec-from-file|--ignore-revs-file)(?:=([^]*))?$/;
const gitWriters = new Set(['rm', 'mv', 'restore', 'checkout']);

function gitFiles(args: readonly ShellWord[]): readonly UsedFile[] {
  const globalOptions = new Set(['-C', '-c', '--git-dir', '--work-tree']);
  const { operands } = programArguments(args, (option) => globalOptions.has(option));
  const [subcommand, ...rest] = operands;
  const named = args.flatMap((word, index) => {
    const match = gitFileOption.exec(word.value ?? '');
    const value = match?.[1] === undefined ? args[index + 1] : { ...word, value: match[1] };
    return match === null || value === undefined ? [] : [{ role: 'read' as const, word: value }];
  });
  if (named.length > 0 && !gitReaders.has(subcommand?.value ?? '')) return named;
  if (gitWriters.has(subcommand?.value ?? '')) return rest.map((word) => ({ role: 'write' as const, word }));
  if (!gitReaders.has(subcommand?.value ?? '')) return [];
  // `HEAD:.env` is the file at that commit.
  return [
    ...named,
    ...args
      .filter(({ value }) => /^-L[^]+:/.test(value ?? ''))
      .map((word) => ({
        role: 'read' as const,
        word: { ...word, value: word.value?.replace(/^[^]*:/, '') },
      })),
    ...rest.map((word) => ({
      role: 'read' as const,
      word: { ...word, value: word.value?.replace(/^[^:]*:(?=.)/, '') },
    })),
  ];
}

/** `-d @file`, `-F part=@file`, `file:///file`. */
function curlFiles(args: readonly ShellWord[]): readonly UsedFile[] {
  return args.flatMap((word) => {
    const path = /^(?:-[A-Za-z]+|--[\w-]+=)?(?:[^@=]*=)?[@<]([^;]+)|^file:\/\/([^]*)$/.exec(word.value ?? '');
    const value = path?.[1] ?? path?.[2];
    return value === undefined ? [] : [{ role: 'read' as const, word: { ...word, value } }];
  });
}

function prefixed(
  args: readonly ShellWord[],
  prefixes: readonly (readonly [prefix: string, role: Role])[],
): readonly UsedFile[] {
  return args.flatMap((word) =>
    prefixes
      .filter(([prefix]) => word.value?.startsWith(prefix) === true)
      .map(([prefix, role]) => ({ role, word: { ...word, value: word.value?.slice(prefix.length) } })),
  );
}

/** What becomes of one word as a file, in each folder in which it may be meant. */
export function accessesOf(
  { role, word }: UsedFile,
  directories: readonly string[],
  context: PolicyContext,
): readonly FileAccess[] {
  if (role === 'text') return [];
  const paths = directories.flatMap((directory) => pathsOf(word, directory, context));
  const accesses = role === 'read-write' ? (['read', 'write'] as const) : [role];
  return accesses.flatMap((access) => paths.map((path) => ({ access, path })));
}

function pathsOf(word: ShellWord, directory: string, context: PolicyContext): readonly string[] {
  const { value, pattern } = word;
  if (pattern !== undefined) {
    // What stands before the first wildcard is a folder that is read in any case.
    const folder = pattern.replace(/[^/]*[*?[][^]*$/, '');
    return [...context.glob(pattern, directory), ...(folder === '' ? [] : [resolve(directory, folder)])];
  }
  if (value !== undefined) return value === '' || value === '-' ? [] : [resolve(directory, value)];
  // Of `$DIR/.env` at least the end is known.
  const tail = /(?:\$\w+|[)}`])\/([^$`(){}]+)$/.exec(word.text.replace(/["']/g, ''))?.[1];
  return tail === undefined ? [] : [resolve(directory, tail)];
}
