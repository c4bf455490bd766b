import type { ArithmeticExpression, Redirection, SyntaxNode, TestExpression, Word } from 'unbash';
import { cross, expandUnsplit, expandWord } from '../expand-word.ts';
import { hiddenCodeIn } from '../hidden/hidden-code.ts';
import { hiddenInSetting } from '../hidden/hidden-in-setting.ts';
import { hiddenInBuiltin } from '../hidden/hidden-in-builtin.ts';
import { isPlainArithmetic } from '../plain-arithmetic.ts';
import { possibleValues } from '../possible-values.ts';
import { redirectsOf } from '../redirects.ts';
import { setByArithmetic } from '../set-in-words.ts';
import {
  plainWord,
  unknownWord,
  type HiddenCode,
  type Possible,
  type ShellCommand,
  type ShellWord,
} from '../shell-command.ts';
import { withVariable, type ShellState } from '../shell-state.ts';
import { variablesSetBy, variablesSetIn } from '../variables-set.ts';
import { inside, walkNested, type Place } from '../place.ts';

type Node<Type extends SyntaxNode['type']> = Extract<SyntaxNode, { type: Type }>;

type Expression =
  | Redirection
  | Node<'TestCommand'>
  | Node<'ArithmeticCommand'>
  | Node<'While'>
  | Node<'For'>
  | Node<'Select'>
  | Node<'Coproc'>
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
    case 'Coproc':
      return withCoprocess(node, state, place);
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
  const name = node.name.value;
  const isOther = open || patterns !== undefined || node.wordlist === undefined;
  const end = node.wordlist?.at(-1)?.end ?? node.name.end;
  tellOfSetting(node, end, name, isOther ? [...values, undefined] : values, state, place);
  return withVariable(state, name, possible);
}

/** What sets a variable to one value after the other is told of as an assignment of each is. */
function tellOfSetting(
  node: Node<'For' | 'Select' | 'Coproc'>,
  end: number,
  name: string,
  values: readonly (string | undefined)[],
  state: ShellState,
  place: Place,
): void {
  place.found({
    ...told(node, state, place),
    text: place.source.slice(node.pos, end),
    sets: values.map((value) => ({ name, text: name, value })),
    hidden: values.map((value) => hiddenInSetting(name, value, state)).find((code) => code !== undefined),
  });
}

/** Its name holds the descriptors of the pipes to a coprocess. */
function withCoprocess(node: Node<'Coproc'>, state: ShellState, place: Place): ShellState {
  if (node.name === undefined) return state;
  tellOfSetting(node, node.name.end, node.name.value, ['0'], state, inside(place, 'coprocess'));
  return withVariable(state, node.name.value);
}

/** A word outside of any command: what hides in it counts as one. */
export function walkWord(word: Word, state: ShellState, place: Place): void {
  walkNested(word, state, place);
  if (hiddenCodeIn(word, state) !== undefined || variablesSetIn(word).length > 0)
    tell(word, [], state, place);
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

type Told = Redirection | Node<'TestCommand'> | ArithmeticExpression | Word;

function tell(
  node: Told,
  words: readonly ShellWord[],
  state: ShellState,
  place: Place,
  hidden?: HiddenCode,
): void {
  place.found({
    ...told(node, state, place),
    words,
    sets: [...variablesSetIn(node), ...variablesSetBy(words)],
    hidden: hidden ?? hiddenCodeIn(node, state),
  });
}

function told(node: Told | Node<'For' | 'Select' | 'Coproc'>, state: ShellState, place: Place): ShellCommand {
  const isRedirect = node.type === 'Redirect' || node.type === 'HereString' || node.type === 'HereDoc';
  return {
    text: place.source.slice(node.pos, node.end),
    words: [],
    assignments: [],
    sets: [],
    redirects: isRedirect ? redirectsOf([node], state) : [],
    directories: state.directories,
    within: place.within,
    hidden: undefined,
  };
}
