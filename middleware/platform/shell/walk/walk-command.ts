import type { Assignment, Command, Word } from 'unbash';
import { effectsOf } from '../effects.ts';
import { hiddenCodeIn } from '../hidden/hidden-code.ts';
import { hiddenInBuiltin } from '../hidden/hidden-in-builtin.ts';
import { cross, expandUnsplit, expandWord, type Alternatives } from '../expand-word.ts';
import { redirectsOf } from '../redirects.ts';
import { setInWords } from '../set-in-words.ts';
import { unknownWord, type Possible, type ShellAssignment, type ShellWord } from '../shell-command.ts';
import { possibleValues } from '../possible-values.ts';
import {
  anyway,
  join,
  valueOf,
  withNumber,
  withVariable,
  type Outcome,
  type ShellState,
} from '../shell-state.ts';
import { variablesSetBy, variablesSetIn } from '../variables-set.ts';
import { walkNested, type Place } from '../place.ts';

/** Tells of a simple command, once for each way in which its words may come out, and of those that run inside its words. */
export function walkCommand(node: Command, before: ShellState, place: Place): Outcome {
  walkNested(node, before, place);
  const state = setInWords(node, before);
  const alternatives = argumentsOf(node, state);
  place.spend(alternatives.reduce((parts, words) => parts + words.length + 5, 0));
  const hidden = hiddenCodeIn(node, state);
  const set = variablesSetIn(node);
  const told = {
    text: place.source.slice(node.pos, node.end),
    assignments: assignmentsOf(node).map((assignment) => assignedIn(assignment, state)),
    redirects: redirectsOf(node.redirects, state),
    directories: state.directories,
    within: place.within,
  };
  for (const words of alternatives)
    place.found({
      ...told,
      words,
      sets: [...set, ...variablesSetBy(words)],
      hidden: hidden ?? hiddenInBuiltin(words, state),
    });
  // Assignments before a command are its environment; alone they are the shell's own.
  if (node.name === undefined) return anyway(assignmentsOf(node).reduce(assign, state));
  const own = node.args.filter((argument) => argument.type === 'Assignment');
  return alternatives
    .map((words) => effectsOf(words, state, (current) => own.reduce(assign, current)))
    .reduce((one, other) => ({
      success: join(one.success, other.success),
      failure: join(one.failure, other.failure),
    }));
}

function assignmentsOf(node: Command): readonly Assignment[] {
  return node.prefix.filter((part) => part.type === 'Assignment');
}

function assignedIn({ name, text, value, index }: Assignment, state: ShellState): ShellAssignment {
  const [only, ...others] = value.type === 'Word' && index === undefined ? expandUnsplit(value, state) : [];
  return { name, text, value: others.length > 0 ? undefined : only?.value };
}

function argumentsOf(node: Command, state: ShellState): Alternatives {
  const words = [...(node.name === undefined ? [] : [node.name]), ...node.args];
  const choices = words.map((word) =>
    word.type === 'Word' ? expandWord(word, state) : asArgument(word, state).map((argument) => [argument]),
  );
  const alternatives = cross(choices);
  if (alternatives !== undefined && alternatives.length > 0) return alternatives;
  return [words.map((word) => unknownWord(word.text, 'expansion'))];
}

/** `export F=.env`: the assignment is an argument as well. */
function asArgument(assignment: Assignment, state: ShellState): readonly ShellWord[] {
  const { text } = assignment;
  if (assignment.value.type !== 'Word' || assignment.index !== undefined)
    return [unknownWord(text, 'expansion')];
  const sign = assignment.append === true ? '+=' : '=';
  return expandUnsplit(assignment.value, state).map((word) => ({
    ...word,
    text,
    value: word.value === undefined ? undefined : `${assignment.name}${sign}${word.value}`,
    pattern: undefined,
  }));
}

function assign(state: ShellState, { name, value, append, index }: Assignment): ShellState {
  if (value.type !== 'Word' || index !== undefined) return withVariable(state, name);
  const [part, ...others] = value.parts ?? [];
  if (part?.type === 'ArithmeticExpansion' && others.length === 0 && append !== true)
    return hiddenCodeIn(value, state) === undefined ? withNumber(state, name) : withVariable(state, name);
  const possible = possibleOf(value, state);
  if (append !== true) return withVariable(state, name, possible);
  const old = valueOf(state, name);
  const values = old.values.flatMap((start) => possible.values.map((end) => start + end));
  return withVariable(state, name, { values, open: old.open || possible.open });
}

function possibleOf(word: Word, state: ShellState): Possible {
  // No files are put in place of a pattern here.
  const { values, open } = possibleValues(expandUnsplit(word, state));
  return { values, open };
}
