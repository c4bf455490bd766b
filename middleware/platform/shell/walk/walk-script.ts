import type { CompoundCommand, CompoundList, Statement, SyntaxNode } from 'unbash';
import { inside, type Place } from '../place.ts';
import { after, anyway, join, lost, type Outcome, type ShellState } from '../shell-state.ts';
import { walkCommand } from './walk-command.ts';
import { walkExpression, walkWord } from './walk-expression.ts';

type CommandNode = Statement['command'];
type Node<Type extends SyntaxNode['type']> = Extract<SyntaxNode, { type: Type }>;

/** Goes through a script in the order of its running and tells of every command, those in its words before their own. */
export function walkScript(
  statements: readonly Statement[],
  start: ShellState,
  source: string,
  { found, spend }: Pick<Place, 'found' | 'spend'>,
): void {
  walkAll(statements, start, { source, within: [], found, spend, walkAll });
}

function walkAll(statements: readonly Statement[], start: ShellState, place: Place): Outcome {
  let outcome = anyway(start);
  for (const { command, background } of statements) {
    const state = after(outcome);
    if (background === true) walk(command, state, inside(place, 'background'));
    outcome = background === true ? anyway(state) : walk(command, state, place);
  }
  return outcome;
}

function walkList(list: CompoundList, start: ShellState, place: Place): Outcome {
  return walkAll(list.commands, start, place);
}

function walk(node: CommandNode | CompoundList, state: ShellState, place: Place): Outcome {
  if (node.type === 'Command') return walkCommand(node, state, place);
  if (node.type === 'AndOr') return walkAndOr(node, state, place);
  if (node.type === 'Pipeline') return walkPipeline(node, state, place);
  if (node.type === 'CompoundList') return walkList(node, state, place);
  if (node.type === 'Redirected') {
    for (const redirect of node.redirects) walkExpression(redirect, state, place);
    return walk(node.command, state, place);
  }
  if (node.type === 'Coproc') {
    walk(node.body, state, inside(place, 'coprocess'));
    return anyway(walkExpression(node, state, place));
  }
  if (node.type === 'Function') return walkFunction(node, state, place);
  return walkCompound(node, state, place);
}

/** A function may be called at any time later, or never, with whatever was set and wherever the shell is then. */
function walkFunction(node: Node<'Function'>, state: ShellState, place: Place): Outcome {
  const start = lost(state);
  const end = after(walk(node.body, start, inside(place, 'function')));
  const { isLost, globsElsewhere, evaluated } = state;
  const stays = start.directories.values.join('\0') === end.directories.values.join('\0');
  const directories = stays ? state.directories : end.directories;
  return anyway(join(state, { ...end, isLost, globsElsewhere, evaluated, directories }));
}

function walkCompound(node: CompoundCommand, state: ShellState, place: Place): Outcome {
  switch (node.type) {
    case 'BraceGroup':
      return walkList(node.body, state, inside(place, 'group'));
    case 'Subshell':
      walkList(node.body, state, inside(place, 'subshell'));
      return anyway(state);
    case 'If':
      return walkIf(node, state, place);
    case 'Case':
      return walkCase(node, state, place);
    case 'TestCommand':
    case 'ArithmeticCommand':
      return anyway(walkExpression(node, state, place));
    case 'While':
    case 'For':
    case 'Select':
    case 'ArithmeticFor':
      return anyway(walkLoop(node, state, place));
  }
}

function walkAndOr(node: Node<'AndOr'>, start: ShellState, place: Place): Outcome {
  let outcome = anyway(start);
  for (const [index, command] of node.commands.entries()) {
    const operator = index === 0 ? undefined : node.operators[index - 1];
    const next = walk(command, operator === '||' ? outcome.failure : outcome.success, place);
    if (operator === '||') outcome = { success: join(outcome.success, next.success), failure: next.failure };
    else if (operator === '&&')
      outcome = { success: next.success, failure: join(outcome.failure, next.failure) };
    else outcome = next;
  }
  return outcome;
}

function walkPipeline(node: Node<'Pipeline'>, state: ShellState, place: Place): Outcome {
  const [only, ...more] = node.commands;
  if (only === undefined) return anyway(state);
  if (more.length > 0) {
    // Each command of a pipeline has a shell of its own.
    for (const command of node.commands) walk(command, state, inside(place, 'pipeline'));
    return anyway(state);
  }
  const { success, failure } = walk(only, state, place);
  const negations = node.prefixes.filter((prefix) => prefix.type === 'Negation').length;
  return negations % 2 === 0 ? { success, failure } : { success: failure, failure: success };
}

function walkIf(node: Node<'If'>, start: ShellState, place: Place): Outcome {
  const branch = inside(place, 'branch');
  let condition = walkList(node.clause, start, place);
  let end = after(walkList(node.then, condition.success, branch));
  for (const elif of node.elif) {
    condition = walkList(elif.clause, condition.failure, branch);
    end = join(end, after(walkList(elif.then, condition.success, branch)));
  }
  const otherwise =
    node.else === undefined ? condition.failure : after(walkList(node.else, condition.failure, branch));
  return anyway(join(end, otherwise));
}

function walkCase(node: Node<'Case'>, start: ShellState, place: Place): Outcome {
  walkWord(node.word, start, place);
  const branch = inside(place, 'branch');
  // With `;&` an item runs after the one before it, so each starts from all that may have been.
  let state = start;
  for (const item of node.items) {
    for (const pattern of item.pattern) walkWord(pattern, state, branch);
    state = join(state, after(walkList(item.body, state, branch)));
  }
  return anyway(state);
}

type Loop = Node<'While'> | Node<'For'> | Node<'Select'> | Node<'ArithmeticFor'>;

function walkLoop(node: Loop, start: ShellState, place: Place): ShellState {
  const once = (state: ShellState, at: Place): ShellState => {
    const ready = walkExpression(node, state, at);
    if (node.type !== 'While') return after(walkList(node.body, ready, inside(at, 'loop')));
    const condition = walkList(node.clause, ready, inside(at, 'loop'));
    return join(after(condition), after(walkList(node.body, after(condition), inside(at, 'loop'))));
  };
  // The first round only finds out what a later one starts from. After it nothing is ruled out: rounds add up.
  const loopDepth = place.within.filter((surrounding) => surrounding === 'loop').length;
  const first =
    loopDepth < 4 ? once(start, { ...place, found: () => undefined }) : { ...start, isLost: true };
  const later = join(start, first);
  const moved = later.directories.values.length > start.directories.values.length;
  const end = once(moved ? { ...later, directories: { ...later.directories, open: true } } : later, place);
  return join(start, end);
}
