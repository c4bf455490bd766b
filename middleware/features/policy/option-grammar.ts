import { plainWord, type ShellWord } from '../../platform/shell/shell-command.ts';

/** What an option takes: nothing, a text, a text only in the same word, a file that it reads or writes, or a script. */
export type OptionKind = 'flag' | 'text' | 'optional' | 'read' | 'write' | 'script';

/** The options that a program knows. */
export type OptionGrammar = ReadonlyMap<string, OptionKind>;

/** An option as it was given. */
export interface GivenOption {
  readonly name: string;
  readonly kind: OptionKind;
  readonly value: ShellWord | undefined;
}

export interface ReadOptions {
  readonly options: readonly GivenOption[];
  readonly operands: readonly ShellWord[];
  /** Whether some word may be an option that the grammar does not have, so that nobody knows what the words behind it are. */
  readonly isUnread: boolean;
}

const kinds: Readonly<Record<string, OptionKind>> = {
  '=': 'text',
  '?': 'optional',
  '<': 'read',
  '>': 'write',
  '!': 'script',
};

/** Reads a list of options: `-n= --lines= -q --color? -f< -o> -c!`; `-#` is a number as an option. */
export function grammar(list: string): OptionGrammar {
  return new Map(
    list
      .split(' ')
      .filter((option) => option !== '')
      .map((option) => {
        const kind = kinds[option.slice(-1)];
        return kind === undefined ? [option, 'flag'] : [option.slice(0, -1), kind];
      }),
  );
}

/**
 * Takes arguments apart as getopt_long does. Long options count only as they are written out: which one a shortened form means depends
 * on the version of the program. With `stops`, the first operand ends the options, as of programs that start another.
 */
export function readOptions(
  words: readonly ShellWord[],
  grammarOfProgram: OptionGrammar,
  { stops = false }: { readonly stops?: boolean } = {},
): ReadOptions {
  const options: GivenOption[] = [];
  const operands: ShellWord[] = [];
  let isUnread = false;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? plainWord('');
    if (word.value === '--') return { options, operands: [...operands, ...words.slice(at + 1)], isUnread };
    const read = readWord(word, grammarOfProgram);
    isUnread ||= read === 'unread';
    if (isOptions(read)) {
      const isAwaiting = read.some(wantsNext);
      if (isAwaiting) at += 1;
      isUnread ||= at >= words.length;
      options.push(...(isAwaiting ? withNext(read, words[at]) : read));
    } else if (stops) return { options, operands: words.slice(at), isUnread };
    else operands.push(word);
  }
  return { options, operands, isUnread };
}

/** Only the last option of a word can want the next. */
function withNext(read: readonly GivenOption[], value: ShellWord | undefined): readonly GivenOption[] {
  return read.map((option) => (wantsNext(option) ? { ...option, value } : option));
}

function isOptions(read: ReadWord): read is readonly GivenOption[] {
  return Array.isArray(read);
}

function wantsNext({ kind, value }: GivenOption): boolean {
  return value === undefined && kind !== 'flag' && kind !== 'optional';
}

/** A name that a pattern stands for may begin with a dash, and what is not known may be anything. */
function mayBeOption({ value, pattern }: ShellWord): boolean {
  if (value === undefined) return true;
  return pattern === undefined ? /^-./.test(value) : /^[-*?[]/.test(value);
}

/** The options of one word, the last of which may want a value from the next; `undefined` for an operand. */
type ReadWord = readonly GivenOption[] | 'unread' | undefined;

function readWord(word: ShellWord, options: OptionGrammar): ReadWord {
  if (!mayBeOption(word)) return undefined;
  if (word.value === undefined || word.pattern !== undefined) return 'unread';
  const text = word.value;
  const whole = options.get(text);
  if (whole !== undefined) return [{ name: text, kind: whole, value: undefined }];
  if (/^-\d+$/.test(text) && options.has('-#')) return [{ name: '-#', kind: 'flag', value: undefined }];
  return text.startsWith('--') ? readLong(word, text, options) : readCluster(word, text, options);
}

function readLong(word: ShellWord, text: string, options: OptionGrammar): ReadWord {
  const at = text.indexOf('=');
  const name = text.slice(0, at);
  const kind = at < 0 ? undefined : options.get(name);
  if (kind === undefined || kind === 'flag') return 'unread';
  return [{ name, kind, value: { ...word, value: text.slice(at + 1) } }];
}

function readCluster(word: ShellWord, text: string, options: OptionGrammar): ReadWord {
  const given: GivenOption[] = [];
  for (let at = 1; at < text.length; at += 1) {
    const name = `-${text.charAt(at)}`;
    const kind = options.get(name);
    if (kind === undefined) return 'unread';
    const rest = text.slice(at + 1);
    const hasValue = kind !== 'flag' && rest !== '';
    given.push({ name, kind, value: hasValue ? { ...word, value: rest } : undefined });
    if (kind !== 'flag') break;
  }
  return given;
}
