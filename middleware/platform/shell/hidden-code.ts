import { forEachChild, type Assignment, type ParameterOperation, type SyntaxNode, type Word } from 'unbash';
import { isPlainArithmetic, isPlainElement, isPlainSubscript } from './plain-arithmetic.ts';
import type { HiddenCode } from './shell-command.ts';
import { isCodeVariable, isZshVariable } from './special-variables.ts';
import type { ShellState } from './shell-state.ts';
import { zshReading } from './zsh-reading.ts';

type Node<Type extends SyntaxNode['type']> = Extract<SyntaxNode, { type: Type }>;

/**
 * Code in a part of a script that is not among its commands: texts that the shell evaluates once more, in subscripts, arithmetic,
 * indirections and the like, and what zsh reads otherwise than bash. Commands in substitutions are told of on their own.
 */
export function hiddenCodeIn(node: SyntaxNode, state: ShellState): HiddenCode | undefined {
  let hidden = ownHiddenCode(node, state);
  forEachChild(node, (child) => {
    if (hidden === undefined && child.type !== 'Script') hidden = hiddenCodeIn(child, state);
  });
  return hidden;
}

function ownHiddenCode(node: SyntaxNode, state: ShellState): HiddenCode | undefined {
  if (node.type === 'Assignment') return inAssignment(node, state);
  if (node.type === 'ParameterExpansion') return inParameter(node, state);
  if (node.type === 'Word' || node.type === 'Redirect') return inWord(node, state);
  return isEvaluable(node) && !isPlainNode(node, state) ? 'arithmetic' : undefined;
}

type Evaluable = Node<'ArrayValue' | 'ArithmeticExpansion' | 'ArithmeticCommand' | 'FileDescriptorVariable'>;

const evaluable = new Set([
  'ArrayValue',
  'ArithmeticExpansion',
  'ArithmeticCommand',
  'FileDescriptorVariable',
]);

function isEvaluable(node: SyntaxNode): node is Evaluable {
  return evaluable.has(node.type);
}

function isPlainNode(node: Evaluable, state: ShellState): boolean {
  switch (node.type) {
    case 'ArrayValue':
      return node.elements.every(({ text }) => isPlainElement(text, state));
    case 'ArithmeticExpansion':
      return isPlainArithmetic(node.text.replace(/^\$(?:\(\(|\[)|(?:\)\)|\])$/g, ''), state);
    case 'ArithmeticCommand':
      return isPlainArithmetic(node.body, state);
    case 'FileDescriptorVariable':
      return /^\w+$/.test(node.name);
  }
}

function inWord(node: Node<'Word' | 'Redirect'>, state: ShellState): HiddenCode | undefined {
  // `exec {a[…]}>f`: in front of a redirection it names the variable for the descriptor.
  if (node.type === 'Word' && /^\{\w+\[/.test(node.text)) return 'arithmetic';
  return state.mayBeZsh ? zshReading(node) : undefined;
}

function inAssignment({ name, value, index, append }: Assignment, state: ShellState): HiddenCode | undefined {
  if (isCodeVariable(name) || (state.mayBeZsh && isZshVariable(name))) return 'evaluated';
  if (index !== undefined && !isPlainSubscript(index.text, state)) return 'arithmetic';
  // The value of an integer is evaluated when it is set, and the name that a reference holds when it is used.
  const isEvaluated = state.evaluated === 'any' || state.evaluated.has(name);
  if (value.type !== 'Word' || !isEvaluated) return undefined;
  return append === true ? 'arithmetic' : isPlain(value.text, state);
}

function inParameter(node: Node<'ParameterExpansion'>, state: ShellState): HiddenCode | undefined {
  const { prefix, index, operation } = node;
  const isList = index !== undefined && /^[@*]$/.test(index.text);
  if (index !== undefined && !isPlainSubscript(index.text, state)) return 'arithmetic';
  if (prefix === '!' && operation?.type !== 'Names' && !isList) return 'evaluated';
  return operation === undefined ? undefined : inOperation(operation, state);
}

function inOperation(operation: ParameterOperation, state: ShellState): HiddenCode | undefined {
  if (operation.type === 'Slice') {
    const isPlainSlice = [operation.offset, operation.length].every((part) => isPlainPart(part, state));
    return isPlainSlice ? undefined : 'arithmetic';
  }
  if (operation.type === 'Transform')
    return /^[QEAKakUuL]$/.test(operation.operand.text) ? undefined : 'evaluated';
  return operation.type === 'Unknown' ? 'evaluated' : undefined;
}

function isPlainPart(word: Word | undefined, state: ShellState): boolean {
  return word === undefined || isPlainArithmetic(word.text, state);
}

function isPlain(text: string, state: ShellState): HiddenCode | undefined {
  return isPlainArithmetic(text, state) ? undefined : 'arithmetic';
}
