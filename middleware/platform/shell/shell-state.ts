import type { Possible } from './shell-command.ts';

/** What is known at one place of a script: the variables and the folder. */
export interface ShellState {
  readonly variables: ReadonlyMap<string, Possible>;
  /** Variables that arithmetic gave a number, whatever it was. */
  readonly numbers: ReadonlySet<string>;
  /** Variables whose values are evaluated: integers and references to others. */
  readonly evaluated: ReadonlySet<string> | 'any';
  readonly directories: Possible;
  /** All folders that it was in, for `cd -` and `popd`. */
  readonly visited: readonly string[];
  readonly home: string;
  /** Something ran that can set any variable and go to any folder: `eval`, `source`. */
  readonly isLost: boolean;
  /** `IFS` was set, so nobody knows where unquoted variables are split. */
  readonly splitsElsewhere: boolean;
  /** `shopt -s dotglob` and the like: nobody knows which files a pattern stands for. */
  readonly globsElsewhere: boolean;
  /** Whether another script or a function's caller may have set variables before. */
  readonly isNested: boolean;
  /** Whether the shell may be zsh, so that what either shell would do counts. */
  readonly mayBeZsh: boolean;
}

/** What is known after a command: where it succeeded and where it failed. */
export interface Outcome {
  readonly success: ShellState;
  readonly failure: ShellState;
}

/** More values and longer ones are given up on: what is tried for each multiplies, and `x=$x$x` doubles. */
const maxValues = 16;
const maxLength = 1_000;

const anything: Possible = { values: [], open: true };
/** Set by the shell itself, whatever a script says. */
const shellsOwn = new Set(['_', 'OLDPWD', 'REPLY', 'OPTARG', 'DIRSTACK', 'BASH_COMMAND', 'BASH_REMATCH']);

/** The state in which a script starts. */
export function startState({
  directories,
  home,
  isNested = false,
  mayBeZsh = false,
}: Pick<ShellState, 'home'> &
  Partial<Pick<ShellState, 'isNested' | 'mayBeZsh'>> & {
    readonly directories: readonly string[];
  }): ShellState {
  return {
    variables: new Map([['HOME', exactly(home)]]),
    numbers: new Set(),
    evaluated: new Set(),
    directories: { values: directories, open: false },
    visited: directories,
    home,
    isLost: false,
    splitsElsewhere: false,
    globsElsewhere: false,
    isNested,
    mayBeZsh,
  };
}

export function exactly(value: string): Possible {
  return { values: [value], open: false };
}

/** All that either may be. */
export function either(one: Possible, other: Possible): Possible {
  return bounded({
    values: [...one.values, ...other.values],
    patterns: [...(one.patterns ?? []), ...(other.patterns ?? [])],
    open: one.open || other.open,
    isListed: isListed(one) && isListed(other),
  });
}

/** Whether nothing else can come out than what is listed. */
function isListed({ open, isListed: listed }: Possible): boolean {
  return !open || listed === true;
}

function bounded({ values, patterns = [], open, isListed: listed = false }: Possible): Possible {
  const distinct = [...new Set(values)];
  const kept = distinct.filter(({ length }) => length <= maxLength).slice(0, maxValues);
  const keptPatterns = [...new Set(patterns)].slice(0, maxValues);
  const isCut = kept.length < distinct.length || patterns.length > maxValues;
  return {
    values: kept,
    open: open || isCut,
    ...(keptPatterns.length === 0 ? {} : { patterns: keptPatterns }),
    ...(open && listed && !isCut ? { isListed: true } : {}),
  };
}

/** What a variable may hold; one that the script did not set may hold anything. */
export function valueOf(state: ShellState, name: string): Possible {
  if (shellsOwn.has(name)) return anything;
  const own = state.variables.get(name);
  const value =
    name === 'PWD' ? { ...either(state.directories, own ?? state.directories) } : (own ?? anything);
  return state.isLost ? { values: value.values, patterns: value.patterns ?? [], open: true } : value;
}

/**
 * Whether a variable holds a number or nothing. One of the environment does: what a script did not set is not the
 * script's.
 */
export function isNumber(state: ShellState, name: string): boolean {
  if (state.isLost || shellsOwn.has(name)) return false;
  if (state.numbers.has(name)) return true;
  const value = state.variables.get(name);
  if (value === undefined) return !state.isNested && !/^(?:PWD|BASH\w*|MAPFILE|argv)$/.test(name);
  return isListed(value) && value.patterns === undefined && value.values.every((one) => /^-?\d*$/.test(one));
}

/** The state with a variable set; without a value, it may hold anything from now on. */
export function withVariable(state: ShellState, name: string, value: Possible = anything): ShellState {
  return {
    ...state,
    variables: new Map(state.variables).set(name, bounded(value)),
    numbers: without(state.numbers, name),
    splitsElsewhere: state.splitsElsewhere || name === 'IFS',
    // With GLOBIGNORE set, `*` matches names that begin with a dot. With CDPATH, `cd a` may go elsewhere.
    globsElsewhere: state.globsElsewhere || name === 'GLOBIGNORE',
    isLost: state.isLost || /^cdpath$/i.test(name),
  };
}

/** The state with a variable that holds a number of which nobody knows which. */
export function withNumber(state: ShellState, name: string): ShellState {
  const next = withVariable(state, name);
  return { ...next, numbers: new Set(next.numbers).add(name) };
}

/** The state after something that can set any variable and go to any folder. */
export function lost(state: ShellState): ShellState {
  return {
    ...state,
    directories: { values: state.visited, open: true },
    isLost: true,
    globsElsewhere: true,
    evaluated: 'any',
  };
}

/** What is known where two ways through a script meet. */
export function join(one: ShellState, other: ShellState): ShellState {
  if (one === other) return one;
  const names = new Set([...one.variables.keys(), ...other.variables.keys()]);
  return {
    ...one,
    variables: new Map(
      [...names].map((name) => [
        name,
        either(one.variables.get(name) ?? anything, other.variables.get(name) ?? anything),
      ]),
    ),
    numbers: new Set([...names].filter((name) => isNumber(one, name) && isNumber(other, name))),
    evaluated: union(one.evaluated, other.evaluated),
    directories: either(one.directories, other.directories),
    visited: [...new Set([...one.visited, ...other.visited])].slice(0, maxValues),
    isLost: one.isLost || other.isLost,
    splitsElsewhere: one.splitsElsewhere || other.splitsElsewhere,
    globsElsewhere: one.globsElsewhere || other.globsElsewhere,
  };
}

/** The same state whether a command succeeds or fails. */
export function anyway(state: ShellState): Outcome {
  return { success: state, failure: state };
}

/** What is known after a command of which nobody asks how it ended. */
export function after(outcome: Outcome): ShellState {
  return join(outcome.success, outcome.failure);
}

function without(names: ReadonlySet<string>, name: string): ReadonlySet<string> {
  return names.has(name) ? new Set([...names].filter((other) => other !== name)) : names;
}

function union(one: ShellState['evaluated'], other: ShellState['evaluated']): ShellState['evaluated'] {
  return one === 'any' || other === 'any' ? 'any' : new Set([...one, ...other]);
}
