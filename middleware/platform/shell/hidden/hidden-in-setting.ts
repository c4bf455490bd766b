import { isPlainArithmetic } from '../plain-arithmetic.ts';
import type { HiddenCode } from '../shell-command.ts';
import { isCodeVariable, isIntegerVariable, isZshVariable } from '../special-variables.ts';
import type { ShellState } from '../shell-state.ts';

/**
 * Why giving a variable a value may run something. It holds for whatever sets one: an assignment, the head of a
 * loop, `read`, `export`, a redirection. A value that only a run can tell is `undefined`.
 */
export function hiddenInSetting(
  name: string,
  value: string | undefined,
  state: ShellState,
): HiddenCode | undefined {
  if (isCodeVariable(name) || (state.mayBeZsh && isZshVariable(name))) return 'evaluated';
  // The value of an integer is evaluated when it is set, and the name that a reference holds when it is used.
  const isEvaluated = isIntegerVariable(name) || state.evaluated === 'any' || state.evaluated.has(name);
  return !isEvaluated || (value !== undefined && isPlainArithmetic(value, state)) ? undefined : 'arithmetic';
}
