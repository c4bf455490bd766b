import type { ShellWord } from '../../../platform/shell/shell-command.ts';
import { fileUses } from './file-uses.ts';
import { readProgram } from './read-program.ts';
import { scriptOf, unread, type Started } from './started.ts';

/** Whether code in a language that can start programs looks as if it did. */
type LooksStarting = (code: string) => boolean;

/** Programs that are given such code. */
const startingCode: ReadonlyMap<string, LooksStarting> = new Map<string, LooksStarting>([
  ...'awk gawk mawk nawk'.split(' ').map((name) => [name, isStartingAwk] as const),
  ...'sed gsed'.split(' ').map((name) => [name, isStartingSed] as const),
  ...'vim nvim vi ex view vimdiff'.split(' ').map((name) => [name, isStartingEditor] as const),
  ['sqlite3', (code) => /^\s*\.[a-z]/.test(code)],
]);

/** `system(…)` and pipes; a bar in a pattern or in `||` is none. */
function isStartingAwk(code: string): boolean {
  if (/system|getline|^-[fEile]|^--(?:file|exec|include|load)/.test(code)) return true;
  return code
    .replace(/\/(?:[^/\n\\]|\\[^])*\/|\|\|/g, '')
    .replace(/^-F[^]*/, '')
    .includes('|');
}

/** The command `e`, and the flag `e` of `s`. */
function isStartingSed(code: string): boolean {
  return /(?:^|[;{}\n\d$/,!~])\s*e(?:[\s;}]|$)|[^\w\s][gpiIMm\d]*e[gpiIMmw\d]*\s*(?:$|[;}\n])/.test(code);
}

/** Commands, and those that it reads from its input where it is told to show nothing. */
function isStartingEditor(code: string): boolean {
  return /[!+]|system\(|^-[A-Za-z]*[esS]/.test(code);
}

/** Where a script that is read from a file is one that somebody else makes up. */
const input = /^(?:-|\/(?:dev|proc)\/.*)$/;
/** Programs whose option `-f` names a script. */
const scripted = new Set('sed gsed make gmake'.split(' '));

/** The scripts that a program's options hold, and code in its arguments that may start something. */
export function codeOptions(program: string, args: readonly ShellWord[]): readonly Started[] {
  const isStarting = startingCode.get(program);
  const isCode =
    isStarting !== undefined && args.some(({ value }) => value !== undefined && isStarting(value));
  const grammar = fileUses.get(program)?.options;
  if (grammar === undefined) return isCode ? [unread] : [];
  const { options } = readProgram(program, args, grammar);
  const isFromInput =
    scripted.has(program) &&
    options.some(
      ({ name, value }) =>
        /^(?:-f|--file|--makefile)$/.test(name) && (value?.value === undefined || input.test(value.value)),
    );
  const scripts = options.flatMap(({ kind, value }) =>
    kind === 'script' && value !== undefined
      ? scriptOf([{ ...value, value: value.value?.replace(/^exec=/, '') }])
      : [],
  );
  return [...(isCode || isFromInput ? [unread] : []), ...scripts];
}
