import { forEachChild, type Assignment, type ParameterOperation, type SyntaxNode, type Word } from 'unbash';
import { isPlainArithmetic, isPlainElement, isPlainSubscript } from '../plain-arithmetic.ts';
import { hiddenInSetting } from './hidden-in-setting.ts';
import type { HiddenCode } from '../shell-command.ts';
import type { ShellState } from '../shell-state.ts';
import { zshReading } from './zsh-reading.ts';

type Node<Type extends SyntaxNode['type']> = Extract<SyntaxNode, { type: Type }>;

/**
 * Code in a part of a script that is not among its commands: texts that the shell evaluates once more, in
 * subscripts, arithmetic, indirections and the like, and what zsh reads otherwise than bash. Commands in
 * substitutions are told of on their own.
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
      return /^\w+$/.test(node.name) && hiddenInSetting(node.name, '0', state) === undefined;
  }
}

function inWord(node: Node<'Word' | 'Redirect'>, state: ShellState): HiddenCode | undefined {
  // `exec {a[…]}>f`: in front of a redirection it names the variable for the descriptor.
  if (node.type === 'Word' && /^\{\w+\[/.test(node.text)) return 'arithmetic';
  return state.mayBeZsh ? zshReading(node) : undefined;
}

function inAssignment({ name, value, index, append }: Assignment, state: ShellState): HiddenCode | undefined {
  if (index !== undefined && !isPlainSubscript(index.text, state)) return 'arithmetic';
  const text = value.type === 'Word' ? value.text : value.elements.map(({ text: one }) => one).join(' ');
  // What is added to an integer is evaluated with what it had before.
  return hiddenInSetting(name, append === true ? undefined : text, state);
}

function inParameter(node: Node<'ParameterExpansion'>, state: ShellState): HiddenCode | undefined {
  const { prefix, index, operation } = node;
  const isList = index !== undefined && /^[@*]$/.test(index.text);
  if (index !== undefined && !isPlainSubscript(index.text, state)) return 'arithmetic';
  if (prefix === '!' && operation?.type !== 'Names' && !isList) return 'evaluated';
  if (operation?.type === 'Default' && operation.operator.endsWith('='))
    return hiddenInSetting(node.parameter, operation.operand.text, state);
  return operation === undefined ? undefined : inOperation(operation, state);
}

function inOperation(operation: ParameterOperation, state: ShellState): HiddenCode | undefined {
  if (operation.type === 'Slice') {
    // Zsh sets the variable.
    if (state.mayBeZsh && operation.length?.text.startsWith('=') === true) return 'other-shell';
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
