import type { ShellWord } from '../../platform/shell/shell-command.ts';

/** An option that takes a value, with it; the value may stand in the same word. */
export interface OptionValue {
  readonly option: string;
  readonly value: ShellWord;
}

export interface ProgramArguments {
  /** All options, `-rf` as `-r` and `-f`, in their order. */
  readonly options: readonly string[];
  readonly values: readonly OptionValue[];
  readonly operands: readonly ShellWord[];
}

/** Takes the arguments of a program apart in the usual way; `takesValue` tells which options have one. */
export function programArguments(
  words: readonly ShellWord[],
  takesValue: (option: string) => boolean,
): ProgramArguments {
  const options: string[] = [];
  const values: OptionValue[] = [];
  const operands: ShellWord[] = [];
  let awaiting: string | undefined;
  for (const [index, word] of words.entries()) {
    const text = word.value ?? '';
    if (awaiting !== undefined) {
      values.push({ option: awaiting, value: word });
      awaiting = undefined;
      continue;
    }
    if (text === '--') return { options, values, operands: [...operands, ...words.slice(index + 1)] };
    if (!/^-./.test(text)) {
      operands.push(word);
      continue;
    }
    const read = readOption(text, takesValue);
    options.push(...read.options);
    if (read.value !== undefined) values.push({ option: read.last, value: { ...word, value: read.value } });
    else if (takesValue(read.last)) awaiting = read.last;
  }
  return { options, values, operands };
}

interface ReadOption {
  readonly options: readonly string[];
  readonly last: string;
  readonly value: string | undefined;
}

function readOption(text: string, takesValue: (option: string) => boolean): ReadOption {
  if (text.startsWith('--')) {
    const [, name = text, value] = /^(--[^=]+)=([^]*)$/.exec(text) ?? [];
    return { options: [name], last: name, value };
  }
  const options: string[] = [];
  for (let at = 1; at < text.length; at += 1) {
    const option = `-${text.charAt(at)}`;
    options.push(option);
    const rest = text.slice(at + 1);
    if (takesValue(option) && rest !== '') return { options, last: option, value: rest };
  }
  return { options, last: options.at(-1) ?? text, value: undefined };
}
