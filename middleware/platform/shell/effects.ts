import { isAbsolute, resolve } from 'node:path';
import type { Possible, ShellWord } from './shell-command.ts';
import { setByArithmetic } from './set-in-words.ts';
import {
  anyway,
  exactly,
  lost,
  withNumber,
  withVariable,
  type Outcome,
  type ShellState,
} from './shell-state.ts';

/** Builtins that set the variables which they are given by name. */
const setters = new Set([
  'read',
  'readarray',
  'mapfile',
  'getopts',
  'unset',
  'printf',
  'wait',
  'let',
  'print',
]);
const declarers = new Set(['export', 'declare', 'typeset', 'local', 'readonly', 'integer', 'float']);
/** Builtins after which anything may hold anything. */
const unforeseeable = new Set(
  'eval source . trap alias unalias enable emulate setopt unsetopt zmodload autoload vared zparseopts sched'.split(
    ' ',
  ),
);
const folderChangers = new Set(['cd', 'pushd', 'chdir']);
/** Options of the shell after which a line is read as before. */
const plainOptions =
  /^(?:allexport|errexit|errtrace|failglob|functrace|inherit_errexit|lastpipe|monitor|noclobber|noexec|noglob|notify|nounset|nullglob|physical|pipefail|verbose|xtrace)$/;

/** What a command changes in the shell that runs it: its folder and its variables. */
export function effectsOf(
  words: readonly ShellWord[],
  state: ShellState,
  assign: (state: ShellState) => ShellState,
): Outcome {
  const [name, ...args] = builtinOf(words);
  if (name === undefined) return anyway(state);
  if (name.value === undefined || unforeseeable.has(name.value)) return anyway(lost(state));
  return effectOf(name.value, args, state, assign);
}

function effectOf(
  name: string,
  args: readonly ShellWord[],
  state: ShellState,
  assign: (state: ShellState) => ShellState,
): Outcome {
  if (name === 'popd' || (name === 'pushd' && args.length === 0)) return anyway(elsewhere(state));
  if (folderChangers.has(name)) return afterChangeOfFolder(args, state);
  if (name === 'set' || name === 'shopt') return anyway(args.every(isPlainOption) ? state : lost(state));
  if (declarers.has(name)) return anyway(declared(name, args, assign(state)));
  if (name === 'let')
    return anyway(args.reduce((current, { value, text }) => setByArithmetic(value ?? text, current), state));
  return anyway(setters.has(name) ? withSet(args, state) : state);
}

/** The command behind `command`, `builtin` and the words of zsh that only say how it is looked for. */
export function builtinOf(words: readonly ShellWord[]): readonly ShellWord[] {
  let rest = words;
  while (/^(?:command|builtin|noglob|nocorrect|-)$/.test(rest[0]?.value ?? '')) {
    const next = rest.findIndex(({ value }, index) => index > 0 && !/^-./.test(value ?? ''));
    rest = next < 0 ? [] : rest.slice(next);
  }
  return rest;
}

function elsewhere(state: ShellState): ShellState {
  return { ...state, directories: { values: state.visited, open: true } };
}

function isPlainOption({ value }: ShellWord): boolean {
  return value !== undefined && (/^[-+][abeEfhmnoOpquvxCPT]*$/.test(value) || plainOptions.test(value));
}

/** Some names stand behind an option in one word: `printf -vx`. */
function withSet(args: readonly ShellWord[], state: ShellState): ShellState {
  if (args.some(({ value, unknown }) => value === undefined && unknown !== 'number')) return lost(state);
  return namesGiven(args).reduce((current, one) => withVariable(current, one), state);
}

/** `-i`, `-n`, `-u` and others make of a value something else, at once and whenever it is set. */
function declared(name: string, args: readonly ShellWord[], state: ShellState): ShellState {
  const options = args.map(({ value }) => value ?? '-').filter((value) => /^[-+]/.test(value));
  const isKnown =
    name !== 'integer' && name !== 'float' && options.every((value) => /^[-+][gxrpaAfF]*$/.test(value));
  if (isKnown && args.every(({ value }) => value !== undefined)) return state;
  const isInteger = options.length > 0 && options.every((value) => /^-[gxri]+$/.test(value));
  const set = args.reduce((current, arg) => {
    const hasNumber = isInteger && arg.value?.includes('=') === true;
    return namesGiven([arg]).reduce(
      hasNumber ? withNumber : (one, other) => withVariable(one, other),
      current,
    );
  }, state);
  if (isKnown) return set;
  // What a reference is set to another variable gets.
  const isReference = options.some((value) => /[n]|^-$/.test(value));
  const evaluated = set.evaluated === 'any' ? 'any' : new Set([...set.evaluated, ...namesGiven(args)]);
  return { ...(isReference ? lost(set) : set), evaluated: isReference ? 'any' : evaluated };
}

/** The names of variables among the arguments of a builtin that sets those. */
export function namesGiven(args: readonly ShellWord[]): readonly string[] {
  return args.flatMap(({ value = '' }) => {
    if (!value.startsWith('-')) return /^[A-Za-z_]\w*/.exec(value)?.[0] ?? [];
    const behind = /^-[A-Za-z]{1,3}$/.test(value) ? '' : value.slice(2);
    return [
      /^[A-Za-z_]\w*/.exec(behind)?.[0] ?? [],
      /^-\w*?[av]([A-Za-z_]\w*)/.exec(value)?.[1] ?? [],
    ].flat();
  });
}

/** Where it succeeds the shell is in the new folder, where it fails still in the old one. */
function afterChangeOfFolder(args: readonly ShellWord[], before: ShellState): Outcome {
  const state = { ...before, variables: new Map(before.variables) };
  const operands = args.filter(({ value }) => !/^-(?:[LPeqs@]+|-)?$/.test(value ?? '') || value === '-');
  const [target] = operands;
  const to = operands.length === 0 ? homeOf(state) : target?.value;
  // `cd -2` and `cd +1` go to what was visited, as `cd -` does.
  const isBack = to !== undefined && /^[-+]\d*$/.test(to);
  const isKnown =
    to !== undefined && !isBack && target?.pattern === undefined && operands.length < 2 && !state.isLost;
  const reached = isKnown
    ? state.directories.values.map((directory) => resolve(directory, to))
    : state.visited;
  const directories: Possible = {
    values: reached,
    open: !isKnown || (state.directories.open && !isAbsolute(to)),
  };
  const visited = [...new Set([...state.visited, ...reached])].slice(0, 16);
  return { success: { ...state, directories, visited }, failure: state };
}

function homeOf(state: ShellState): string | undefined {
  const home = state.variables.get('HOME') ?? exactly(state.home);
  return home.open || home.values.length !== 1 ? undefined : home.values[0];
}
