import { forEachChild, type ParameterExpansionPart, type SyntaxNode } from 'unbash';
import { isPlainArithmetic } from './plain-arithmetic.ts';
import { either, exactly, valueOf, withNumber, withVariable, type ShellState } from './shell-state.ts';

/**
 * The state after the expansions in a part of a script, some of which set variables: `${a:=b}`, `$((a = 1))`, `exec
 * {a}>f`.
 */
export function setInWords(node: SyntaxNode, state: ShellState): ShellState {
  let current = state;
  forEachChild(node, (child) => {
    if (child.type !== 'Script') current = setInWords(child, current);
  });
  if (node.type === 'FileDescriptorVariable') return withVariable(current, node.name);
  if (node.type === 'ArithmeticExpansion') return setByArithmetic(node.text.slice(2), current);
  return node.type === 'ParameterExpansion' ? setByDefault(node, current) : current;
}

/** The state after an arithmetic expression: what it sets has a number, where all that it is made of had one. */
export function setByArithmetic(text: string, state: ShellState): ShellState {
  const names = assignedByArithmetic(text);
  const isPlain = names.length > 0 && isPlainArithmetic(text.replace(/\)\)$|\]$/, ''), state);
  return names.reduce(isPlain ? withNumber : (current, name) => withVariable(current, name), state);
}

/** The variables that an arithmetic expression may set: where it sets one, any in it may be that. */
export function assignedByArithmetic(text: string): readonly string[] {
  if (!/(?:^|[^=!<>])=(?!=)|<<=|>>=|\+\+|--/.test(text)) return [];
  return [...text.matchAll(/[A-Za-z_]\w*/g)].map(([name]) => name);
}

function setByDefault({ parameter, operation }: ParameterExpansionPart, state: ShellState): ShellState {
  if (operation?.type !== 'Default' || !operation.operator.endsWith('=')) return state;
  const { operand } = operation;
  if (operand.parts !== undefined) return withVariable(state, parameter);
  return withVariable(state, parameter, either(valueOf(state, parameter), exactly(operand.value)));
}
