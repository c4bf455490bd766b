import { unknownWord, type ShellWord } from '../../../platform/shell/shell-command.ts';
import { isCodeVariable } from '../../../platform/shell/special-variables.ts';
import { codeOptions } from './code-options.ts';
import { foundCommands } from './found-commands.ts';
import { gitCode } from './git-code.ts';
import { readOptions, type ReadOptions } from './option-grammar.ts';
import { shellCode } from './shell-code.ts';
import { scriptOf, unread, type Started } from './started.ts';
import {
  env,
  foreignShells,
  opaqueStarters,
  starterPrograms,
  xargs,
  type StarterProgram,
} from './starter-programs.ts';

const transparentStarters = new Set(['timeout', 'nohup', 'nice', 'command', 'xargs']);

/**
 * The command behind `timeout 5` and others that do nothing but start it; its being allowed allows the whole. None
 * where any word of the starter's own is not one that its manual has.
 */
export function commandBehindTransparent(words: readonly ShellWord[]): readonly ShellWord[] | undefined {
  const [name, ...args] = words;
  const program = name?.value ?? '';
  // A chain of starters is taken off one by one, which is quadratic in its length.
  if (words.length > 1_000 || !transparentStarters.has(program)) return undefined;
  const starter = program === 'xargs' ? xargs : starterPrograms.get(program);
  if (starter === undefined) return undefined;
  const read = readOptions(args, starter.options, { stops: true });
  if (read.isUnread || !startsOnly(read, starter)) return undefined;
  const behind = read.operands.slice(starter.skip ?? 0);
  if (program === 'xargs') return withInput(behind, read);
  return behind.length === 0 ? undefined : behind;
}

/** With some options xargs reads a file of its own, and others only print. */
function startsOnly(
  { options, operands }: ReadOptions,
  { unless, skip = 0, skipped }: StarterProgram,
): boolean {
  const isOther = options.some(({ name, kind }) => kind === 'read' || unless?.includes(name) === true);
  return !isOther && operands.slice(0, skip).every(({ value = '' }) => skipped?.test(value) === true);
}

/** What starts something in a way of its own. */
const others: ReadonlyMap<string, (args: readonly ShellWord[]) => readonly Started[]> = new Map([
  ...'sh bash zsh dash ksh ash mksh rbash'.split(' ').map((name) => [name, shellCode] as const),
  ['eval', (args) => scriptOf(args[0]?.value === '--' ? args.slice(1) : args)],
  ['trap', trapped],
  ['source', sourced],
  ['.', sourced],
  ['emulate', (args) => [unread, ...scriptOf(args.slice(-1))]],
  ['ed', () => [unread]],
  ['red', () => [unread]],
  ['dc', () => [unread]],
  ['m4', () => [unread]],
  ['sg', (args) => scriptOf(args.filter(({ value }) => !/^-c?$/.test(value ?? '')).slice(1))],
  ['newgrp', (args) => [unread, ...suspects(args)]],
  ['find', foundCommands],
  ['gfind', foundCommands],
  ['git', gitCode],
  ['env', behindEnv],
  ['xargs', behindXargs],
  ['gxargs', behindXargs],
  ...'parallel sem rush'.split(' ').map((name) => [name, behindParallel] as const),
]);

/** The commands and scripts that a simple command starts with its arguments; not what those start in turn. */
export function startedBy(words: readonly ShellWord[]): readonly Started[] {
  const [name, ...args] = words;
  // An unset variable leaves nothing behind, and the next word is the command.
  if (name?.unknown !== undefined) return args.length === 0 ? [] : [{ kind: 'command', words: args }];
  const program = name?.value?.replace(/^.*\//, '') ?? '';
  if (foreignShells.has(program)) return [unread, ...suspects(args)];
  if (isOpaque(program)) return suspects(args);
  const starter = starterPrograms.get(program);
  if (starter !== undefined) return behindStarter(args, starter);
  return others.get(program)?.(args) ?? codeOptions(program, args);
}

/** What `parallel` is given through a pipe or in files are arguments, or whole commands. */
function behindParallel(args: readonly ShellWord[]): readonly Started[] {
  if (args.every(({ value }) => value?.startsWith('-'))) return [unread];
  const given = unknownWord('…', 'expansion');
  return suspects(args).map((one) =>
    one.kind === 'suspect' ? { ...one, words: [...one.words.map(withoutInput), given] } : one,
  );
}

function withoutInput(word: ShellWord): ShellWord {
  return word.value?.includes('{') === true ? unknownWord(word.text, 'expansion') : word;
}

/** The loader of shared libraries starts the program that it is given. */
function isOpaque(program: string): boolean {
  return opaqueStarters.has(program) || /^ld(?:-linux|-musl|64|\.so|-\d)/.test(program);
}

function behindStarter(args: readonly ShellWord[], starter: StarterProgram): readonly Started[] {
  // `su` reads options behind its operands too.
  const stops = starter.permutes !== true && (starter.isShell !== true || starter.skip !== undefined);
  const read = readOptions(args, starter.options, { stops });
  if (!read.isUnread && read.options.some(({ name }) => starter.unless?.includes(name) === true)) return [];
  const found: Started[] = [
    ...(read.isUnread ? [unread] : []),
    ...read.options.flatMap(({ kind, value }) =>
      kind === 'script' ? scriptOf(value === undefined ? [] : [value]) : [],
    ),
  ];
  const operands = withoutAssignments(read.operands, starter, found);
  const skipped = operands.slice(starter.skip ?? 0);
  return [
    ...found,
    ...(starter.mayLeaveOut === true ? [{ kind: 'command', words: operands } as const] : []),
    ...behindOperands(skipped, starter, read),
  ];
}

function behindOperands(
  operands: readonly ShellWord[],
  starter: StarterProgram,
  { options }: ReadOptions,
): readonly Started[] {
  const [first] = operands;
  const hasScript = options.some(({ kind }) => kind === 'script');
  if (first === undefined) return starter.isShell === true && !hasScript ? [unread] : [];
  if (starter.scriptBehind === true && /^(?:-c|--command)$/.test(first.value ?? ''))
    return scriptOf(operands.slice(1, 2));
  if (starter.joins === true) return scriptOf(operands);
  // Some of these take a user or a file first.
  if (starter.isShell === true && starter.skip === undefined) return suspectAll(operands, hasScript);
  return [{ kind: 'command', words: operands }];
}

/** `su root -c ls`, `unshare ls`: behind what may be a user's name the words are a command, or arguments of a shell. */
function suspectAll(operands: readonly ShellWord[], hasScript: boolean): readonly Started[] {
  const command: Started = { kind: 'command', words: operands };
  return hasScript && operands.length < 2 ? [] : [unread, command, ...suspects(operands.slice(1))];
}

function withoutAssignments(
  operands: readonly ShellWord[],
  { assignments }: StarterProgram,
  found: Started[],
): readonly ShellWord[] {
  if (assignments !== true) return operands;
  let rest = operands[0]?.value === '-' ? operands.slice(1) : operands;
  for (let text = rest[0]?.value; text?.includes('=') === true; text = rest[0]?.value) {
    if (isCodeVariable(text.slice(0, text.indexOf('=')))) found.push(unread);
    rest = rest.slice(1);
  }
  return rest;
}

function behindEnv(args: readonly ShellWord[]): readonly Started[] {
  const { options, operands, isUnread } = readOptions(args, env.options, { stops: true });
  const found: Started[] = isUnread ? [unread] : [];
  const split = options.find(({ kind }) => kind === 'script')?.value;
  if (split !== undefined) {
    // What it splits may be options of its own; escapes and variables it reads in its own way.
    if (/[\\$]/.test(split.value ?? '$')) found.push(unread);
    return [...found, ...scriptOf([{ ...split, value: `env ${split.value ?? ''}` }, ...operands])];
  }
  const words = withoutLaterOptions(withoutAssignments(operands, env, found), found);
  return words.length === 0 ? found : [...found, { kind: 'command', words }];
}

/** Behind assignments GNU's env takes an option for the command's name. Others may go on reading. */
function withoutLaterOptions(words: readonly ShellWord[], found: Started[]): readonly ShellWord[] {
  if (!/^-./.test(words[0]?.value ?? '')) return words;
  found.push(unread);
  return withoutAssignments(readOptions(words, env.options, { stops: true }).operands, env, found);
}

function behindXargs(args: readonly ShellWord[]): readonly Started[] {
  const read = readOptions(args, xargs.options, { stops: true });
  const words = withInput(read.operands, read);
  return [...(read.isUnread ? [unread] : []), { kind: 'command', words }];
}

/** Behind its own arguments the command gets others, which nobody knows, or they stand in place of a text in its words. */
function withInput(words: readonly ShellWord[], { options }: ReadOptions): readonly ShellWord[] {
  const command =
    words.length === 0 ? [{ ...unknownWord('echo', 'expansion'), value: 'echo', unknown: undefined }] : words;
  const replacing = options.findLast(({ name }) => /^(?:-I|-i|--replace)$/.test(name));
  if (replacing === undefined) return [...command, unknownWord('…', 'expansion')];
  const mark = replacing.value?.value ?? '{}';
  return command.map((word) =>
    word.value?.includes(mark) === false ? word : { ...unknownWord(word.text, 'expansion') },
  );
}

function trapped(args: readonly ShellWord[]): readonly Started[] {
  const words = args[0]?.value === '--' ? args.slice(1) : args;
  return words.length > 1 && !/^-[lp]/.test(words[0]?.value ?? '') ? scriptOf(words.slice(0, 1)) : [];
}

/** A script in a file is not looked into; one that comes through a pipe or a substitution cannot be. */
function sourced(args: readonly ShellWord[]): readonly Started[] {
  const file = args.find(({ value }) => value !== '--');
  if (file === undefined) return [];
  return file.value === undefined || /^\/(?:dev|proc)\//.test(file.value) ? [unread] : [];
}

/** More words than this are not tried as the beginning of a command. */
const maxTriedWords = 40;

/** Every word may be the first of a command, and every word with white space in it a script. */
function suspects(args: readonly ShellWord[]): readonly Started[] {
  const tried = args.slice(0, maxTriedWords);
  return [
    ...(args.length > maxTriedWords ? [unread] : []),
    ...tried.map((_word, at): Started => ({ kind: 'suspect', words: args.slice(at, at + 100) })),
    ...tried
      .filter(({ value }) => value === undefined || /[\s;&|]/.test(value))
      .map(({ value }): Started =>
        value === undefined ? unread : { kind: 'suspect-script', text: withoutMark(value) },
      ),
  ];
}

/** Debuggers are given lines for a shell behind a mark: `gdb -ex '!ls'`. */
function withoutMark(text: string): string {
  return text.replace(/^(?:-+[\w-]+=)?\s*(?:!+|(?:platform\s+)?shell\s+|pipe\s+)/, '');
}
