import type { ArithmeticExpression, Redirection, SyntaxNode, TestExpression, Word } from 'unbash';
import { cross, expandUnsplit, expandWord } from './expand-word.ts';
import { hiddenCodeIn } from './hidden-code.ts';
import { hiddenInBuiltin } from './hidden-in-builtin.ts';
import { isPlainArithmetic } from './plain-arithmetic.ts';
import { possibleValues } from './possible-values.ts';
import { redirectsOf } from './redirects.ts';
import { setByArithmetic } from './set-in-words.ts';
import { plainWord, unknownWord, type HiddenCode, type Possible, type ShellWord } from './shell-command.ts';
import { withVariable, type ShellState } from './shell-state.ts';
import { walkNested, type Place } from './place.ts';

type Node<Type extends SyntaxNode['type']> = Extract<SyntaxNode, { type: Type }>;

type Expression =
  | Redirection
  | Node<'TestCommand'>
  | Node<'ArithmeticCommand'>
  | Node<'While'>
  | Node<'For'>
  | Node<'Select'>
  | Node<'ArithmeticFor'>;

/**
 * Tells of what is no simple command and has words all the same: tests, arithmetic, the head of a loop, a redirection of a
 * compound command. The state after it: a loop's variable has its values.
 */
export function walkExpression(node: Expression, state: ShellState, place: Place): ShellState {
  switch (node.type) {
    case 'While':
      return state;
    case 'For':
    case 'Select':
      return withLoopVariable(node, state, place);
    case 'ArithmeticFor': {
      const parts = [node.initialize, node.test, node.update].filter((part) => part !== undefined);
      return parts.reduce((current, part) => walkArithmetic(part, current, place), state);
    }
    case 'ArithmeticCommand':
      return node.expression === undefined ? state : walkArithmetic(node.expression, state, place);
    case 'TestCommand':
      walkTest(node, state, place);
      return state;
    case 'Redirect':
    case 'HereString':
    case 'HereDoc':
      walkNested(node, state, place);
      tell(node, [], state, place);
      return state;
  }
}

function withLoopVariable(node: Node<'For'> | Node<'Select'>, state: ShellState, place: Place): ShellState {
  const words = (node.wordlist ?? []).flatMap((word) => {
    walkWord(word, state, place);
    return expandWord(word, state).flat();
  });
  const { values, patterns, open } = possibleValues(words);
  // Without a list it goes through the arguments of the script.
  const isListed = node.type === 'For' && node.wordlist !== undefined && !open;
  // Left open on purpose: which of its values a loop's variable has, no rule that allows may rely on.
  const possible: Possible = {
    values,
    open: true,
    isListed,
    ...(patterns === undefined ? {} : { patterns }),
  };
  return withVariable(state, node.name.value, possible);
}

/** A word outside of any command: what hides in it counts as one. */
export function walkWord(word: Word, state: ShellState, place: Place): void {
  walkNested(word, state, place);
  if (hiddenCodeIn(word, state) !== undefined) tell(word, [], state, place);
}

function walkArithmetic(expression: ArithmeticExpression, state: ShellState, place: Place): ShellState {
  walkNested(expression, state, place);
  const text = place.source.slice(expression.pos, expression.end);
  const hidden = isPlainArithmetic(text, state) ? undefined : 'arithmetic';
  tell(expression, [plainWord('(('), unknownWord(text, 'variable'), plainWord('))')], state, place, hidden);
  return setByArithmetic(text, state);
}

function walkTest(node: Node<'TestCommand'>, state: ShellState, place: Place): void {
  walkNested(node, state, place);
  const alternatives = cross(testWords(node.expression).map((word) => wordOf(word, state)));
  const text = place.source.slice(node.pos, node.end);
  for (const operands of alternatives ?? [[unknownWord(text, 'expansion')]]) {
    const words = [plainWord('[['), ...operands, plainWord(']]')];
    tell(node, words, state, place, hiddenInBuiltin(words, state));
  }
}

/** In `[[ … ]]` nothing is split, and the operators are no words of the tree. */
function wordOf(word: Word | string, state: ShellState): readonly (readonly ShellWord[])[] {
  return typeof word === 'string'
    ? [[plainWord(word)]]
    : expandUnsplit(word, state).map((expanded) => [{ ...expanded, pattern: undefined }]);
}

function testWords(expression: TestExpression): readonly (Word | string)[] {
  switch (expression.type) {
    case 'TestUnary':
      return [expression.operator, expression.operand];
    case 'TestBinary':
      return [expression.left, expression.operator, expression.right];
    case 'TestLogical':
      return expression.operands.flatMap((operand, index) =>
        index === 0 ? testWords(operand) : [expression.operator, ...testWords(operand)],
      );
    case 'TestNot':
      return ['!', ...testWords(expression.operand)];
    case 'TestGroup':
      return ['(', ...testWords(expression.expression), ')'];
  }
}

function tell(
  node: Redirection | Node<'TestCommand'> | ArithmeticExpression | Word,
  words: readonly ShellWord[],
  state: ShellState,
  place: Place,
  hidden?: HiddenCode,
): void {
  const isRedirect = node.type === 'Redirect' || node.type === 'HereString' || node.type === 'HereDoc';
  place.found({
    text: place.source.slice(node.pos, node.end),
    words,
    assignments: [],
    redirects: isRedirect ? redirectsOf([node], state) : [],
    directories: state.directories,
    within: place.within,
    hidden: hidden ?? hiddenCodeIn(node, state),
  });
}
