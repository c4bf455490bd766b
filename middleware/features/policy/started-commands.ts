import { unknownWord, type ShellWord } from '../../platform/shell/shell-command.ts';
import { programArguments } from './program-arguments.ts';

/** What a command starts besides itself: another command, or a script of which the text may not be known. */
export type Started =
  | { readonly kind: 'command'; readonly words: readonly ShellWord[] }
  | { readonly kind: 'script'; readonly text: string | undefined };

interface Starter {
  /** Options that take a value. */
  readonly values?: string;
  /** Operands before the command. */
  readonly skip?: number;
  /** Whether `NAME=value` words may stand before the command. */
  readonly assignments?: boolean;
  /** Options with which it starts nothing. */
  readonly unless?: string;
}

const starters: ReadonlyMap<string, Starter> = new Map<string, Starter>([
  [
    'sudo',
    {
      values: '-u -g -h -p -C -T -r -t -D -R -U --user --group --chdir',
      assignments: true,
      unless: '-l -v -e --list --edit',
    },
  ],
  ['doas', { values: '-u -C' }],
  ['timeout', { values: '-k -s --kill-after --signal', skip: 1 }],
  ['nice', { values: '-n --adjustment' }],
  ['ionice', { values: '-c -n -p --class --classdata' }],
  ['chrt', { skip: 1 }],
  ['taskset', { skip: 1 }],
  ['flock', { values: '-w -E --timeout', skip: 1 }],
  ['chroot', { skip: 1 }],
  ['nohup', {}],
  ['setsid', {}],
  ['command', { unless: '-v -V' }],
  ['builtin', {}],
  ['exec', { values: '-a' }],
  ['time', { values: '-f -o --format --output' }],
  ['stdbuf', { values: '-i -o -e --input --output --error' }],
  ['busybox', {}],
  ['toybox', {}],
  ['strace', { values: '-e -o -s -p -P -u' }],
  ['watch', { values: '-n --interval' }],
]);

const env: Starter = { values: '-u --unset -C --chdir', assignments: true };

/** Takes further arguments from standard input. */
const xargs: Starter = {
  values: '-n -P -L -s -d -a -E -I --max-args --max-procs --delimiter --arg-file --replace',
};

const findActions = new Set(['-exec', '-execdir', '-ok', '-okdir']);

const transparentStarters = new Set(['timeout', 'nohup', 'nice', 'command', 'xargs']);

/** The command behind `timeout 5` and others that do nothing but start it; its being allowed allows the whole. */
export function commandBehindTransparent(words: readonly ShellWord[]): readonly ShellWord[] | undefined {
  // A chain of starters is taken off one by one, which is quadratic in its length.
  if (words.length > 1_000) return undefined;
  const [name, ...args] = words;
  if (!transparentStarters.has(name?.value ?? '')) return undefined;
  // With these xargs reads a file of its own.
  if (args.some(({ value }) => /^(?:-[a-z0-9]*a|--arg-file)/.test(value ?? ''))) return undefined;
  const [only, ...more] = startedBy(words);
  return only?.kind === 'command' && more.length === 0 ? only.words : undefined;
}

/** What starts something in a way of its own. */
const others: ReadonlyMap<string, (args: readonly ShellWord[]) => readonly Started[]> = new Map([
  ...['sh', 'bash', 'zsh', 'dash', 'ksh', 'ash'].map((name) => [name, shellScript] as const),
  ['eval', scripts],
  ['trap', (args) => (args.length > 1 ? scripts(args.slice(0, 1)) : [])],
  ['find', foundFiles],
  ['su', (args) => optionScripts(args, '-c')],
  ['env', (args) => [...commandBehind(args, env), ...optionScripts(args, '-S')]],
  ['xargs', (args) => commandBehind(args, xargs).map(withInput)],
]);

/** The commands and scripts that a simple command starts with its arguments; not what those start in turn. */
export function startedBy(words: readonly ShellWord[]): readonly Started[] {
  const [name, ...args] = words;
  // An unset variable leaves nothing behind, and the next word is the command.
  if (name?.unknown !== undefined) return args.length === 0 ? [] : [{ kind: 'command', words: args }];
  const program = name?.value?.replace(/^.*\//, '') ?? '';
  const starter = starters.get(program);
  return starter === undefined ? (others.get(program)?.(args) ?? []) : commandBehind(args, starter);
}

interface StartedCommand {
  readonly kind: 'command';
  readonly words: readonly ShellWord[];
}

function commandBehind(args: readonly ShellWord[], starter: Starter): readonly StartedCommand[] {
  let rest = args;
  for (let width = ownWidth(rest, starter); width > 0; width = ownWidth(rest, starter))
    rest = rest.slice(width);
  const words = rest.slice(starter.skip ?? 0);
  return words.length === 0 ? [] : [{ kind: 'command', words }];
}

/** How many of the next words are the starter's own: an option, with its value, or an assignment. */
function ownWidth(words: readonly ShellWord[], { values, assignments, unless }: Starter): number {
  const text = words[0]?.value ?? '';
  if (assignments === true && /^[A-Za-z_]\w*=/.test(text)) return 1;
  if (!/^-./.test(text)) return 0;
  const withValue = new Set(values?.split(' '));
  const option = programArguments(words.slice(0, 1), (name) => withValue.has(name));
  if (unless?.split(' ').some((name) => option.options.includes(name)) === true) return words.length;
  return option.values.length === 0 && withValue.has(option.options.at(-1) ?? '') ? 2 : 1;
}

/** Behind its own arguments the command gets others, which nobody knows. */
function withInput({ kind, words }: StartedCommand): StartedCommand {
  return { kind, words: [...words, unknownWord('…', 'expansion')] };
}

/** `bash -c SCRIPT`, the option alone or with others: `-lc`. */
function shellScript(args: readonly ShellWord[]): readonly Started[] {
  const { options, operands } = programArguments(args, (option) => option === '-o' || option === '-O');
  return options.includes('-c') ? scripts(operands.slice(0, 1)) : [];
}

function optionScripts(args: readonly ShellWord[], option: string): readonly Started[] {
  const { values } = programArguments(args, (name) => name === option || name === '-u');
  return values.filter((given) => given.option === option).flatMap(({ value }) => scripts([value]));
}

function foundFiles(args: readonly ShellWord[]): readonly Started[] {
  const started: Started[] = [];
  for (const [index, { value }] of args.entries()) {
    if (!findActions.has(value ?? '')) continue;
    const rest = args.slice(index + 1);
    const end = rest.findIndex((word) => word.value === ';' || word.value === '+');
    const words = end < 0 ? rest : rest.slice(0, end);
    if (words.length > 0) started.push({ kind: 'command', words });
  }
  return started;
}

/** A script that some words make up. Where not all of them are known, it is looked at as written, and not all is known of it. */
function scripts(words: readonly ShellWord[]): readonly Started[] {
  const text = words.map(({ value, text: written }) => value ?? written.replace(/^"|"$/g, '')).join(' ');
  const isKnown = words.every(({ value }) => value !== undefined);
  return isKnown
    ? [{ kind: 'script', text }]
    : [
        { kind: 'script', text: undefined },
        { kind: 'script', text },
      ];
}
