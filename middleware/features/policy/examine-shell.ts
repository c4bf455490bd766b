import { addAll } from '../../kernel/bounds/add-all.ts';
import { parseShell } from '../../platform/shell/walk/parse-shell.ts';
import type { ShellCommand, ShellWord } from '../../platform/shell/shell-command.ts';
import { oneSpaced } from './rules/bash-rules.ts';
import type { PolicyContext } from './policy-context.ts';
import { isProgramVariable } from '../../platform/shell/special-variables.ts';
import { hiddenReasons, reasons, unknownReasons } from './reasons.ts';
import {
  programAccesses,
  redirectAccesses,
  unresolvedRedirects,
  unresolvedUses,
  type FileAccess,
} from './shell-reads.ts';
import { startedBy } from './programs/started-commands.ts';
import type { Started } from './programs/started.ts';

/** All that is known of a shell line. */
export interface ExaminedShell {
  /** Its own commands; those that they start are not among them. */
  readonly commands: readonly ShellCommand[];
  /** Why it could not be taken apart. */
  readonly fault: string | undefined;
  /** What rules that deny or ask look at: every command anywhere, by each name it goes by, and the whole line. */
  readonly texts: ReadonlySet<string>;
  /** What may be a command, or the arguments of a program that starts others. */
  readonly suspects: ReadonlySet<string>;
  readonly accesses: readonly FileAccess[];
  /** Those of the suspects. */
  readonly suspectAccesses: readonly FileAccess[];
  /** How it uses files of which nobody can tell which they are. */
  readonly unresolved: ReadonlySet<FileAccess['access']>;
  /** Why something that it runs is not among the texts. */
  readonly doubt: string | undefined;
  /** Whether there are more files than are looked at. */
  readonly hasMoreFiles: boolean;
}

/** Commands behind commands and scripts in scripts deeper than this are not looked into. */
const maxDepth = 8;
/** More words than this are not tried as the beginning of a command. */
const maxSuspects = 200;
/** More files than this are not looked up. */
const maxFiles = 1_000;

/** Takes a shell line apart, and what it hands to `bash -c`, `eval`, `xargs` and the like. */
export function examineShell(line: string, context: PolicyContext): ExaminedShell {
  const parsed = parseShell(line, {
    directories: [context.cwd],
    home: context.home,
    mayBeZsh: context.shell !== 'bash',
  });
  const gathered = new Gathered(context);
  gathered.texts.add(oneSpaced(line).trim());
  const commands = parsed.parsed ? parsed.commands : [];
  for (const command of commands) gathered.add(command, 0);
  const { texts, suspects, accesses, suspectAccesses, unresolved, doubt, hasMoreFiles } = gathered;
  const fault = parsed.parsed ? undefined : parsed.reason;
  return { commands, fault, texts, suspects, accesses, suspectAccesses, unresolved, doubt, hasMoreFiles };
}

class Gathered {
  readonly texts = new Set<string>();
  readonly suspects = new Set<string>();
  readonly accesses: FileAccess[] = [];
  readonly suspectAccesses: FileAccess[] = [];
  readonly unresolved = new Set<FileAccess['access']>();
  doubt: string | undefined;
  hasMoreFiles = false;
  #suspectsLeft = maxSuspects;
  readonly #context: PolicyContext;

  constructor(context: PolicyContext) {
    this.#context = context;
  }

  add(command: ShellCommand, depth: number): void {
    this.texts.add(oneSpaced(command.text));
    if (command.hidden !== undefined) this.doubt ??= hiddenReasons[command.hidden];
    for (const { name, value } of [...command.assignments, ...command.sets]) {
      if (!isProgramVariable(name)) continue;
      if (value === undefined) this.doubt ??= unknownReasons.variable;
      // Of git's aliases those with a mark are scripts.
      else this.#addScript(value.replace(/^!/, ''), command, depth + 1);
    }
    this.#addFiles(redirectAccesses(command, this.#context));
    for (const access of unresolvedRedirects(command)) this.unresolved.add(access);
    this.#addWords(command.words, command, depth);
  }

  #addWords(words: readonly ShellWord[], command: ShellCommand, depth: number): void {
    const [name] = words;
    if (name === undefined) return;
    if (name.unknown !== undefined && name.unknown !== 'loop-variable')
      this.doubt ??= unknownReasons[name.unknown];
    const { values: directories } = command.directories;
    for (const spelling of spellings(name, directories, this.#context)) {
      this.texts.add([spelling, ...words.slice(1).map(textOf)].join(' '));
    }
    this.#addFiles(programAccesses(words, directories, this.#context));
    for (const access of unresolvedUses(words, command.directories)) this.unresolved.add(access);
    for (const started of startedBy(words)) this.#addStarted(started, command, depth + 1);
  }

  #addStarted(started: Started, command: ShellCommand, depth: number): void {
    if (depth > maxDepth) {
      this.doubt ??= unknownReasons.substitution;
      return;
    }
    switch (started.kind) {
      case 'command':
        this.#addWords(started.words, command, depth);
        return;
      case 'script':
        this.#addScript(started.text, command, depth);
        return;
      case 'unread':
        this.doubt ??= reasons.unreadStarter;
        return;
      case 'suspect':
      case 'suspect-script':
        this.#addSuspect(started, command, depth);
    }
  }

  /** Looked at apart: what it would be as a command is only a question. */
  #addSuspect(
    started: Extract<Started, { kind: 'suspect' | 'suspect-script' }>,
    command: ShellCommand,
    depth: number,
  ): void {
    this.#suspectsLeft -= 1;
    if (this.#suspectsLeft < 0) {
      this.doubt ??= reasons.unreadStarter;
      return;
    }
    const apart = new Gathered(this.#context);
    apart.#suspectsLeft = this.#suspectsLeft;
    if (started.kind === 'suspect') apart.#addWords(started.words, command, depth);
    else apart.#addScript(started.text, command, depth);
    this.#suspectsLeft = apart.#suspectsLeft;
    for (const text of [...apart.texts, ...apart.suspects]) this.suspects.add(text);
    addAll(this.suspectAccesses, [...apart.accesses, ...apart.suspectAccesses]);
    for (const access of apart.unresolved) this.unresolved.add(access);
    this.doubt ??= apart.doubt;
    this.hasMoreFiles ||= apart.hasMoreFiles || this.suspectAccesses.length > maxFiles;
  }

  #addFiles(accesses: readonly FileAccess[]): void {
    const taken = accesses.slice(0, maxFiles - this.accesses.length);
    addAll(this.accesses, taken);
    this.hasMoreFiles ||= taken.length < accesses.length;
  }

  #addScript(text: string, { directories }: ShellCommand, depth: number): void {
    const start = {
      directories: directories.values,
      home: this.#context.home,
      isNested: true,
      // Whatever runs the line, the script may be for another shell.
      mayBeZsh: true,
    };
    const parsed = parseShell(text, start);
    if (!parsed.parsed) this.doubt ??= parsed.reason;
    else for (const command of parsed.commands) this.add(command, depth);
  }
}

/** The words as the program gets them; of one that is not known its text. */
export function textOf(word: ShellWord): string {
  return word.value ?? word.text;
}

/** The names by which a command goes: `rm` for `/bin/rm`, and what a pattern stands for. */
function spellings(
  name: ShellWord,
  directories: readonly string[],
  context: PolicyContext,
): ReadonlySet<string> {
  const { pattern } = name;
  const matched = pattern === undefined ? [] : directories.flatMap((folder) => context.glob(pattern, folder));
  return new Set([textOf(name), ...matched].flatMap((text) => [text, text.replace(/^.*\//, '')]));
}
