import { isAbsolute, resolve } from 'node:path';
import {
  unknownWord,
  type Possible,
  type ShellCommand,
  type ShellWord,
} from '../../platform/shell/shell-command.ts';
import { fileUses, type FileUse, type Role } from './programs/file-uses.ts';
import { gitFiles } from './programs/git-files.ts';
import { readOptions, type GivenOption } from './programs/option-grammar.ts';
import type { PolicyContext } from './policy-context.ts';
import { readProgram } from './programs/read-program.ts';
import { xargs } from './programs/starter-programs.ts';
import type { UsedFile } from './programs/used-file.ts';

/** A file that a shell command reads or writes. */
export interface FileAccess {
  readonly access: 'read' | 'write';
  /** Absolute. */
  readonly path: string;
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
  return used.filter(({ word }) => isUnresolved(word, directories)).flatMap(({ role }) => accessesIn(role));
}

function accessesIn(role: Role): readonly FileAccess['access'][] {
  if (role === 'text') return [];
  if (role === 'read-write') return ['read', 'write'];
  return [role === 'write' ? 'write' : 'read'];
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
  if (program === undefined) return filesOf('', args, { operands: 'read' });
  if (program === 'git') return gitFiles(args).flatMap(withListed);
  if (program === 'find')
    return [...roots(args), ...namedRoots(args)].map((word) => ({ role: 'read', word }));
  if (program === 'xargs')
    return readOptions(args, xargs.options, { stops: true }).options.flatMap(optionFile);
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
  const files = filesOf(program, args, use);
  if (program === 'curl') return [...files, ...curlFiles(args)];
  return program === 'sed' && writesInPlace(args) ? files.map(inPlace) : files;
}

function filesOf(program: string, args: readonly ShellWord[], use: FileUse): readonly UsedFile[] {
  const { options, operands } = readProgram(program, args, use.options);
  const first = options.some(({ name }) => use.insteadOfFirst?.includes(name) === true)
    ? []
    : (use.first ?? []);
  const hasTarget =
    use.last !== undefined && operands.length > 1 && !options.some(({ kind }) => kind === 'write');
  const files = operands.map((word, index) => ({
    role: hasTarget && index === operands.length - 1 ? (use.last ?? 'text') : (first[index] ?? use.operands),
    word,
  }));
  return [
    ...options.flatMap(optionFile),
    ...(use.hasResponseFiles === true ? files.map(responseFile) : files).flatMap(withListed),
    ...filesElsewhere(options, use),
  ];
}

/** What an option makes of its value. */
function optionFile({ kind, value }: GivenOption): readonly UsedFile[] {
  if (value === undefined || (kind !== 'read' && kind !== 'write' && kind !== 'list')) return [];
  return withListed({ role: kind, word: value });
}

/** Some file that no word names. */
function someFile(role: FileAccess['access']): UsedFile {
  return { role, word: unknownWord('…', 'expansion') };
}

/** A list is read, and what it names. */
function withListed(file: UsedFile): readonly UsedFile[] {
  return file.role === 'list' ? [{ ...file, role: 'read' }, someFile('read')] : [file];
}

function filesElsewhere(options: readonly GivenOption[], { elsewhere = [] }: FileUse): readonly UsedFile[] {
  const isGiven = (names: readonly string[]): boolean => options.some(({ name }) => names.includes(name));
  return elsewhere
    .filter(
      ({ options: needed, unless = [] }) => (needed === undefined || isGiven(needed)) && !isGiven(unless),
    )
    .map(({ access }) => someFile(access));
}

/** `@file` stands for the arguments in a file. */
function responseFile(file: UsedFile): UsedFile {
  const { value } = file.word;
  if (value?.startsWith('@') !== true) return file;
  return { role: 'list', word: { ...file.word, value: value.slice(1) } };
}

function inPlace(file: UsedFile): UsedFile {
  return file.role === 'read' ? { ...file, role: 'read-write' } : file;
}

function writesInPlace(args: readonly ShellWord[]): boolean {
  return args.some(({ value }) => /^(?:-[nrEsuz]*i|--in-place)/.test(value ?? ''));
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
  return accessesIn(role).flatMap((access) => paths.map((path) => ({ access, path })));
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
