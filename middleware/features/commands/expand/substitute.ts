import { splitArguments } from './split-arguments.ts';

interface Substitution {
  /** The argument string as the user wrote it, trimmed. */
  readonly args: string;
  /** Names that stand for the first, second … argument. */
  readonly argumentNames: readonly string[];
  readonly firstPositional: 0 | 1;
  /** Values of `${CLAUDE_SESSION_ID}` and the like; what is absent here stays as it is written. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** A longer text is not made. */
  readonly maxLength?: number | undefined;
}

/** A stretch of a text, its end excluded. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Substituted {
  readonly text: string;
  /** What came from the arguments: nothing that begins in there is part of the command. */
  readonly inserted: readonly Span[];
  /** The text would be longer than it may be, and is empty. */
  readonly isTooLong?: boolean;
}

/**
 * The body of a command with its placeholders replaced, in one pass: values are not looked at again. Where no placeholder
 * took the arguments, they are added at the end.
 */
export function substitute(body: string, substitution: Substitution): Substituted {
  const { args } = substitution;
  const argv = splitArguments(args);
  const text = new TextBuilder(substitution.maxLength);
  let hasTaken = false;
  let last = 0;
  for (const match of body.matchAll(placeholders(substitution.argumentNames))) {
    const value = valueOf(match.groups ?? {}, argv, substitution);
    if (value === undefined) continue;
    const isEscaped = backslashesBefore(body, match.index) % 2 === 1;
    text.keep(body.slice(last, isEscaped ? match.index - 1 : match.index));
    text.put(isEscaped ? { kind: 'variable', text: match[0] } : value);
    hasTaken ||= value.kind === 'argument' && !isEscaped;
    last = match.index + match[0].length;
    if (text.isTooLong) return text.done();
  }
  text.keep(body.slice(last));
  if (!hasTaken && args !== '') {
    text.keep('\n\nARGUMENTS: ');
    text.insert(args);
  }
  return text.done();
}

/**
 * A position counts only where no letter, digit or `_` follows; `$ARGUMENTS` counts also as the beginning of a
 * longer word.
 */
function placeholders(names: readonly string[]): RegExp {
  const named = names.filter((name) => name !== '').sort((one, other) => other.length - one.length);
  const name = named.length === 0 ? '' : `|\\$(?<name>${named.join('|')})(?!\\w)`;
  return new RegExp(
    `\\$\\{(?<variable>[A-Z_]+)\\}|\\$(?<all>ARGUMENTS)(?:\\[(?<index>\\d+)\\])?|\\$(?<position>\\d+)(?!\\w)${name}`,
    'g',
  );
}

interface Value {
  readonly kind: 'argument' | 'variable';
  readonly text: string;
}

type Groups = Readonly<Record<string, string | undefined>>;

/** `undefined` for what stays as it is written. */
function valueOf(groups: Groups, argv: readonly string[], substitution: Substitution): Value | undefined {
  const { args, argumentNames, firstPositional, variables } = substitution;
  const { variable, name, all } = groups;
  if (variable !== undefined) return valueIfAny('variable', variables[variable]);
  if (name !== undefined) return { kind: 'argument', text: argv[argumentNames.indexOf(name)] ?? '' };
  const position = groups['index'] ?? groups['position'];
  if (position !== undefined) return valueIfAny('argument', argv[Number(position) - firstPositional]);
  return all === undefined ? undefined : { kind: 'argument', text: args };
}

function valueIfAny(kind: Value['kind'], text: string | undefined): Value | undefined {
  return text === undefined ? undefined : { kind, text };
}

function backslashesBefore(text: string, index: number): number {
  let count = 0;
  while (text[index - 1 - count] === '\\') count += 1;
  return count;
}

/** Joins a text piece by piece: one that gets too long is known before it takes memory. */
class TextBuilder {
  readonly #maxLength: number;
  readonly #parts: string[] = [];
  readonly #inserted: Span[] = [];
  /** What was made of values: the same one may stand at thousands of places. */
  readonly #made = new Map<string, string>();
  #length = 0;

  constructor(maxLength = Infinity) {
    this.#maxLength = maxLength;
  }

  get isTooLong(): boolean {
    return this.#length > this.#maxLength;
  }

  keep(text: string): void {
    this.#parts.push(text);
    this.#length += text.length;
  }

  put({ kind, text }: Value): void {
    if (kind === 'argument') this.insert(text);
    else this.keep(text);
  }

  insert(value: string): void {
    const start = this.#length;
    let made = this.#made.get(value);
    if (made === undefined) {
      made = withoutShell(value);
      this.#made.set(value, made);
    }
    this.keep(made);
    this.#inserted.push({ start, end: this.#length });
  }

  done(): Substituted {
    return this.isTooLong
      ? { text: '', inserted: [], isTooLong: true }
      : { text: this.#parts.join(''), inserted: this.#inserted };
  }
}

/** Arguments cannot start a shell line: Claude Code breaks up what would begin one, and so do we. */
function withoutShell(value: string): string {
  return value.replace(/(^|\s)!(?=(`?))/g, (_match, before: string, backtick: string) =>
    backtick === '' ? `${before}\\!` : `${before}\\! `,
  );
}
