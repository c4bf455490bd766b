import type { Possible } from './shell-command.ts';

/** What is known at one place of a script: the variables and the folder. */
export interface ShellState {
  readonly variables: ReadonlyMap<string, Possible>;
  readonly directories: Possible;
  readonly home: string;
  /** Something ran that can set any variable and go to any folder: `eval`, `source`. */
  readonly isLost: boolean;
  /** `IFS` was set, so nobody knows where unquoted variables are split. */
  readonly splitsElsewhere: boolean;
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

/** The state in which a script starts. */
export function startState(directories: readonly string[], home: string): ShellState {
  return {
    variables: new Map([['HOME', exactly(home)]]),
    directories: { values: directories, open: false },
    home,
    isLost: false,
    splitsElsewhere: false,
  };
}

export function exactly(value: string): Possible {
  return { values: [value], open: false };
}

/** All that either may be. */
export function either(one: Possible, other: Possible): Possible {
  return bounded({ values: [...one.values, ...other.values], open: one.open || other.open });
}

function bounded({ values, open }: Possible): Possible {
  const distinct = [...new Set(values)];
  const kept = distinct.filter(({ length }) => length <= maxLength).slice(0, maxValues);
  return { values: kept, open: open || kept.length < distinct.length };
}

/** What a variable may hold; one that the script did not set may hold anything. */
export function valueOf(state: ShellState, name: string): Possible {
  const value = name === 'PWD' ? state.directories : (state.variables.get(name) ?? anything);
  return state.isLost ? { ...value, open: true } : value;
}

/** The state with a variable set; without a value, it may hold anything from now on. */
export function withVariable(state: ShellState, name: string, value: Possible = anything): ShellState {
  return {
    ...state,
    variables: new Map(state.variables).set(name, bounded(value)),
    splitsElsewhere: state.splitsElsewhere || name === 'IFS',
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
    directories: either(one.directories, other.directories),
    isLost: one.isLost || other.isLost,
    splitsElsewhere: one.splitsElsewhere || other.splitsElsewhere,
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
