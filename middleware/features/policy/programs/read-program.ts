import { plainWord, type ShellWord } from '../../../platform/shell/shell-command.ts';
import { readOptions, type OptionGrammar, type ReadOptions } from './option-grammar.ts';

/** Takes the arguments of a program apart by its grammar, with the most that they may mean. */
export function readProgram(
  program: string,
  args: readonly ShellWord[],
  options: OptionGrammar = new Map(),
): ReadOptions {
  return readOptions(program === 'tar' ? withDashes(args, options) : args, options, { isLenient: true });
}

/** `tar xTf list archive`: letters without a dash, whose values follow in their order. */
function withDashes([letters, ...rest]: readonly ShellWord[], options: OptionGrammar): readonly ShellWord[] {
  if (letters === undefined) return [];
  if (letters.value === undefined || letters.value.startsWith('-')) return [letters, ...rest];
  const given = Array.from(letters.value, (letter) => `-${letter}`);
  const awaiting = given.filter((option) => options.has(option));
  return [
    ...given.filter((option) => !options.has(option)).map(plainWord),
    ...awaiting.flatMap((option, at) => [plainWord(option), ...rest.slice(at, at + 1)]),
    ...rest.slice(awaiting.length),
  ];
}
