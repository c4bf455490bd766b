/** Why nobody but a running shell can tell what a word becomes. */
export type UnknownWord =
  | 'variable'
  /** The variable of a loop whose values are all among the alternatives. */
  | 'loop-variable'
  | 'number'
  | 'substitution'
  | 'process-substitution'
  | 'expansion';

/** Code that the shell may run besides the commands that can be read, by where it comes from. */
export type HiddenCode =
  /** A text that is evaluated as arithmetic, subscripts of arrays among them. */
  | 'arithmetic'
  /** A text that is evaluated in another way: an indirection, a prompt, a builtin that takes code. */
  | 'evaluated'
  /** What another shell reads in another way. */
  | 'other-shell';

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
  /** `undefined` where only a run can tell, and for what is no simple value: arrays and their elements. */
  readonly value: string | undefined;
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
  /** Patterns whose files are among the values. */
  readonly patterns?: readonly string[];
  /** Whether all of them are known, though it is open which of them counts. */
  readonly isListed?: boolean;
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
  /** In front of a command they are its environment; alone they are the shell's own. */
  readonly assignments: readonly ShellAssignment[];
  /** Variables that it sets in the shell in other ways: the head of a loop, `read`, `export`, `${a:=b}`, `{a}>f`. */
  readonly sets: readonly ShellAssignment[];
  readonly redirects: readonly ShellRedirect[];
  /** Absolute folders in which it may run. */
  readonly directories: Possible;
  readonly within: readonly Surrounding[];
  /** Set where it may run more than it says. */
  readonly hidden: HiddenCode | undefined;
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
