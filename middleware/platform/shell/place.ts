import { forEachChild, type Statement, type SyntaxNode } from 'unbash';
import type { ShellCommand, Surrounding } from './shell-command.ts';
import type { ShellState } from './shell-state.ts';

/** Where in a script we are. */
export interface Place {
  /** What the positions of the nodes count in. */
  readonly source: string;
  readonly within: readonly Surrounding[];
  /** Told of each command, in the order in which the shell comes to them. */
  readonly found: (command: ShellCommand) => void;
  /** Counts what was looked at, and throws when it is too much. */
  readonly spend: (parts: number) => void;
  /** Goes through the statements of a script. */
  readonly walkAll: (statements: readonly Statement[], state: ShellState, place: Place) => unknown;
}

/** The same place, one level deeper. */
export function inside(place: Place, surrounding: Surrounding): Place {
  return { ...place, within: [...place.within, surrounding] };
}

/** Goes through the commands of all substitutions that stand anywhere in a node. What they do stays in them. */
export function walkNested(node: SyntaxNode, state: ShellState, place: Place): void {
  const inner = nestedPlace(node, place);
  forEachChild(node, (child) => {
    if (child.type !== 'Script') walkNested(child, state, inner);
    else inner.walkAll(child.commands, state, { ...inner, source: child.source ?? inner.source });
  });
}

function nestedPlace(node: SyntaxNode, place: Place): Place {
  if (node.type === 'ProcessSubstitution') return inside(place, 'process-substitution');
  const isSubstitution = node.type === 'CommandExpansion' || node.type === 'ArithmeticCommandExpansion';
  return isSubstitution ? inside(place, 'substitution') : place;
}
