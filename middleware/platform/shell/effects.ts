import { isAbsolute, resolve } from 'node:path';
import type { Possible, ShellWord } from './shell-command.ts';
import { anyway, withVariable, type Outcome, type ShellState } from './shell-state.ts';

/** Builtins that set the variables which they are given by name. */
const setters = new Set(['read', 'readarray', 'mapfile', 'getopts', 'unset', 'printf', 'wait', 'let']);
const declarers = new Set(['export', 'declare', 'typeset', 'local', 'readonly']);
/** Builtins after which anything may hold anything. */
const unforeseeable = new Set(['eval', 'source', '.', 'trap', 'alias', 'shopt', 'enable']);

/** What a command changes in the shell that runs it: its folder and its variables. */
export function effectsOf(
  words: readonly ShellWord[],
  state: ShellState,
  assign: (state: ShellState) => ShellState,
): Outcome {
  const [name, ...args] = builtinOf(words);
  if (name === undefined) return anyway(state);
  if (name.value === undefined || unforeseeable.has(name.value)) return anyway(lost(state));
  if (name.value === 'cd' || name.value === 'pushd') return afterChangeOfFolder(args, state);
  if (name.value === 'popd') return anyway(elsewhere(state));
  if (declarers.has(name.value)) return anyway(declared(args, assign(state)));
  if (setters.has(name.value))
    return anyway(names(args).reduce((current, one) => withVariable(current, one), state));
  return anyway(state);
}

function lost(state: ShellState): ShellState {
  return { ...elsewhere(state), isLost: true };
}

function elsewhere(state: ShellState): ShellState {
  return { ...state, directories: { ...state.directories, open: true } };
}

function builtinOf(words: readonly ShellWord[]): readonly ShellWord[] {
  const [name, ...args] = words;
  return name?.value === 'command' || name?.value === 'builtin' ? builtinOf(args) : words;
}

/** `-i`, `-n`, `-u` and others make of a value something else. */
function declared(args: readonly ShellWord[], state: ShellState): ShellState {
  const isChanged = args.some(({ value }) => value === undefined || /^[-+].*[^gxrp-]/.test(value));
  return isChanged ? names(args).reduce((current, name) => withVariable(current, name), state) : state;
}

function names(args: readonly ShellWord[]): readonly string[] {
  return args.map(({ value }) => /^[A-Za-z_]\w*/.exec(value ?? '')?.[0]).filter((name) => name !== undefined);
}

/** Where it succeeds the shell is in the new folder, where it fails still in the old one. */
function afterChangeOfFolder(args: readonly ShellWord[], state: ShellState): Outcome {
  const operands = args.filter(({ value }) => !/^-[LPe@-]*$/.test(value ?? '') || value === '-');
  const [target] = operands;
  const to = operands.length === 0 ? state.home : target?.value;
  const isKnown = to !== undefined && to !== '-' && target?.pattern === undefined && operands.length < 2;
  const directories: Possible = isKnown
    ? {
        values: state.directories.values.map((directory) => resolve(directory, to)),
        open: state.directories.open && !isAbsolute(to),
      }
    : { values: state.directories.values, open: true };
  return { success: { ...state, directories }, failure: state };
}
