import { addAll } from '../../../kernel/bounds/add-all.ts';
import { plainWord, type ShellWord } from '../../../platform/shell/shell-command.ts';

/**
 * What an option takes: nothing, a text, a text only in the same word, a file that it reads or writes, a list of
 * files that are read with it, or a script. Of one that the grammar does not have nobody knows.
 */
export type OptionKind = 'flag' | 'text' | 'optional' | 'read' | 'write' | 'list' | 'script' | 'unknown';

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
  '@': 'list',
  '!': 'script',
};

/**
 * Reads a list of options: `-n= --lines= -q --color? -f< -o> -T@ -c!`; `-#` is a number as an option, `-@` one
 * without a value.
 */
export function grammar(list: string): OptionGrammar {
  return new Map(
    list
      .split(' ')
      .filter((option) => option !== '')
      .map((option) => {
        const kind = option.length < 3 ? undefined : kinds[option.slice(-1)];
        return kind === undefined ? [option, 'flag'] : [option.slice(0, -1), kind];
      }),
  );
}

/** How strictly arguments are read. */
interface Reading {
  /** The first operand ends the options, as of programs that start another. */
  readonly stops?: boolean;
  /**
   * To deny, the most that a line may mean counts: long options may be shortened, and what cannot be told is an
   * operand. To allow, long options count only as they are written out: which one a shortened form means depends on
   * the version of the program.
   */
  readonly isLenient?: boolean;
}

/** Takes arguments apart as getopt_long does. */
export function readOptions(
  words: readonly ShellWord[],
  known: OptionGrammar,
  { stops = false, isLenient = false }: Reading = {},
): ReadOptions {
  const options: GivenOption[] = [];
  const operands: ShellWord[] = [];
  let isUnread = false;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? plainWord('');
    if (word.value === '--') return { options, operands: [...operands, ...words.slice(at + 1)], isUnread };
    const read = readWord(word, known, isLenient);
    if (read === undefined) {
      if (stops) return { options, operands: words.slice(at), isUnread };
      operands.push(word);
      continue;
    }
    const isAwaiting = read.some(wantsNext);
    if (isAwaiting) at += 1;
    isUnread ||= isNotKnown(read, at >= words.length);
    addAll(options, isAwaiting ? withNext(read, words[at]) : read);
  }
  return { options, operands, isUnread };
}

/** Only the last option of a word can want the next. */
function withNext(read: readonly GivenOption[], value: ShellWord | undefined): readonly GivenOption[] {
  return read.map((option) => (wantsNext(option) ? { ...option, value } : option));
}

function wantsNext({ kind, value }: GivenOption): boolean {
  return value === undefined && kind !== 'flag' && kind !== 'optional' && kind !== 'unknown';
}

/** A name that a pattern stands for may begin with a dash, and what is not known may be anything. */
function mayBeOption({ value, pattern }: ShellWord): boolean {
  if (value === undefined) return true;
  return pattern === undefined ? /^-./.test(value) : /^[-*?[]/.test(value);
}

function isNotKnown(read: readonly GivenOption[], lacksValue: boolean): boolean {
  return lacksValue || read.some(({ kind }) => kind === 'unknown');
}

/** The options of one word, the last of which may want a value from the next; `undefined` for an operand. */
function readWord(
  word: ShellWord,
  known: OptionGrammar,
  isLenient: boolean,
): readonly GivenOption[] | undefined {
  const { value: text, pattern } = word;
  const isTold = text !== undefined && (isLenient || pattern === undefined);
  if (!isTold)
    return isLenient || !mayBeOption(word)
      ? undefined
      : [{ name: word.text, kind: 'unknown', value: undefined }];
  if (!/^-./.test(text)) return undefined;
  const whole = known.get(text);
  if (whole !== undefined) return [{ name: text, kind: whole, value: undefined }];
  if (/^-\d+$/.test(text) && known.has('-#')) return [{ name: '-#', kind: 'flag', value: undefined }];
  return text.startsWith('--')
    ? [readLong(word, text, known, isLenient)]
    : readCluster(word, text, known, isLenient);
}

function readLong(word: ShellWord, text: string, known: OptionGrammar, isLenient: boolean): GivenOption {
  const at = text.indexOf('=');
  const given = at < 0 ? text : text.slice(0, at);
  const name = isLenient ? wholeName(given, known) : given;
  const kind = known.get(name) ?? 'unknown';
  if (at < 0) return { name, kind, value: undefined };
  return { name, kind: kind === 'flag' ? 'unknown' : kind, value: { ...word, value: text.slice(at + 1) } };
}

function wholeName(given: string, known: OptionGrammar): string {
  if (known.has(given)) return given;
  return [...known.keys()].find((name) => name.startsWith(given)) ?? given;
}

function readCluster(
  word: ShellWord,
  text: string,
  known: OptionGrammar,
  isLenient: boolean,
): readonly GivenOption[] {
  const given: GivenOption[] = [];
  for (let at = 1; at < text.length; at += 1) {
    const name = `-${text.charAt(at)}`;
    const kind = known.get(name) ?? 'unknown';
    const rest = text.slice(at + 1);
    const isLast = isLenient ? kind !== 'flag' && kind !== 'unknown' : kind !== 'flag';
    given.push({ name, kind, value: isLast && rest !== '' ? { ...word, value: rest } : undefined });
    if (isLast) break;
  }
  return given;
}
