import { parse, type Word } from 'unbash';
import { addAll } from '../../kernel/bounds/add-all.ts';
import { expandBraces } from './expand-braces.ts';
import { fieldsOf, type Field } from './fields.ts';
import { plainWord, unknownWord, type ShellWord, type UnknownWord } from './shell-command.ts';
import type { ShellState } from './shell-state.ts';
import { piecesOf } from './word-pieces.ts';

/** What a word may become: each alternative is a list of arguments. */
export type Alternatives = readonly (readonly ShellWord[])[];

/** More than this is given up on, and the word is unknown. */
const maxAlternatives = 64;

/**
 * Expands a word as bash does: braces, tilde, variables with known values, splitting, quotes. File names are not put in
 * place of patterns. Where a word may also become something unknown, one alternative says so.
 */
export function expandWord(word: Word, state: ShellState): Alternatives {
  const texts = textsOf(word);
  if (texts === undefined) return [[unknownWord(word.text, 'expansion')]];
  if (texts.length === 1) return expandOne(word, word.text, state);
  return cross(texts.map((text) => expandText(text, state))) ?? [[unknownWord(word.text, 'expansion')]];
}

/** Expands what stands right of an assignment's `=` or is one redirection's target: it is never split. */
export function expandUnsplit(word: Word, state: ShellState): readonly ShellWord[] {
  const expanded = fieldsOf(piecesOf(word, state), { split: false });
  return wordsOf(word.text, expanded.alternatives, expanded.unknown).map(
    (words) => words[0] ?? plainWord(''),
  );
}

/** All ways to choose one alternative of each, joined; `undefined` when there are too many. */
export function cross(choices: readonly Alternatives[]): Alternatives | undefined {
  let all: ShellWord[][] = [[]];
  for (const alternatives of choices) {
    const [only, ...others] = alternatives;
    // Most words have one alternative: copying for each of them would be quadratic in the words of a command.
    if (only !== undefined && others.length === 0) for (const words of all) addAll(words, only);
    else all = all.flatMap((words) => alternatives.map((more) => [...words, ...more]));
    if (all.length > maxAlternatives) return undefined;
  }
  return all;
}

function expandOne(word: Word, text: string, state: ShellState): Alternatives {
  const expanded = fieldsOf(piecesOf(word, state), { split: true });
  return wordsOf(text, expanded.alternatives, expanded.unknown);
}

function wordsOf(
  text: string,
  alternatives: readonly (readonly Field[])[],
  unknown: UnknownWord | undefined,
): Alternatives {
  const known = alternatives.map((fields) => fields.map((field) => ({ text, unknown: undefined, ...field })));
  return unknown === undefined ? known : [...known, [unknownWord(text, unknown)]];
}

/** The texts that a word's braces stand for; `undefined` when they cannot be written out. */
function textsOf(word: Word): readonly string[] | undefined {
  let texts: readonly string[] = [''];
  for (const part of word.parts ?? []) {
    const choices = part.type === 'BraceExpansion' ? expandBraces(part.text) : [part.text];
    if (choices === undefined) return undefined;
    texts = texts.flatMap((text) => choices.map((choice) => text + choice));
    if (texts.length > maxAlternatives) return undefined;
  }
  return texts;
}

/** Expands a text that came out of braces. Read as the argument of a command, it may have further braces in it. */
function expandText(text: string, state: ShellState): Alternatives {
  if (text === '') return [[]];
  const command = parse(`: ${text}`).commands[0]?.command;
  const [word, ...more] = command?.type === 'Command' ? command.args : [];
  if (word?.type !== 'Word' || more.length > 0 || word.text !== text)
    return [[unknownWord(text, 'expansion')]];
  return expandWord(word, state);
}
