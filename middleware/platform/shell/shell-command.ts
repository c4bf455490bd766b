/** Why nobody but a running shell can tell what a word becomes. */
export type UnknownWord = 'variable' | 'number' | 'substitution' | 'process-substitution' | 'expansion';

/** One argument of a command, as the program will get it. */
export interface ShellWord {
  /** As written, quotes and all. */
  readonly text: string;
  /** What the program gets; `undefined` where only a run can tell. */
  readonly value: string | undefined;
  readonly unknown: UnknownWord | undefined;
  /** Set where the shell puts the names of matching files in place of the word: the value, its quoted wildcards escaped. */
  readonly pattern: string | undefined;
}

export interface ShellAssignment {
  readonly name: string;
  /** As written: `F=.env`. */
  readonly text: string;
}

/** A redirection: of a file, of another open descriptor (`2>&1`), or of text (`<<EOF`, `<<<`). */
export interface ShellRedirect {
  readonly kind: 'read' | 'write' | 'read-write' | 'descriptor' | 'text';
  /** The file or the text; a here-document has none. */
  readonly target: ShellWord | undefined;
  /** Whether a here-document runs commands when it is put together. */
  readonly runsCommands: boolean;
}

/** What a command stands in, outermost first. */
export type Surrounding =
  | 'substitution'
  | 'process-substitution'
  | 'subshell'
  | 'group'
  | 'function'
  | 'loop'
  | 'branch'
  | 'background'
  | 'pipeline'
  | 'coprocess';

/** Values that something may have; `open` when it may have others as well. */
export interface Possible {
  readonly values: readonly string[];
  readonly open: boolean;
}

/**
 * One command that a shell line may run. A line whose words can become several things has one of these for each.
 * `[[ … ]]` and `(( … ))` are commands by those names; a redirection of a whole loop or group is one without words.
 */
export interface ShellCommand {
  /** As written. */
  readonly text: string;
  /** The command's name first. */
  readonly words: readonly ShellWord[];
  readonly assignments: readonly ShellAssignment[];
  readonly redirects: readonly ShellRedirect[];
  /** Absolute folders in which it may run. */
  readonly directories: Possible;
  readonly within: readonly Surrounding[];
}

/** A shell line taken apart, or the reason why it could not be. */
export type ShellParse =
  | { readonly parsed: true; readonly commands: readonly ShellCommand[] }
  | { readonly parsed: false; readonly reason: string };

/** A word that stands for itself. */
export function plainWord(value: string): ShellWord {
  return { text: value, value, unknown: undefined, pattern: undefined };
}

/** A word of which only its text is known. */
export function unknownWord(text: string, unknown: UnknownWord): ShellWord {
  return { text, value: undefined, unknown, pattern: undefined };
}
