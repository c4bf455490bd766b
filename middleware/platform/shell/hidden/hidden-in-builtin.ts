import { builtinOf } from '../effects.ts';
import { hiddenInSetting } from './hidden-in-setting.ts';
import { isPlainArithmetic, isPlainName } from '../plain-arithmetic.ts';
import type { HiddenCode, ShellWord } from '../shell-command.ts';
import type { ShellState } from '../shell-state.ts';
import { variablesSetBy } from '../variables-set.ts';

/** In front of the text of an argument that is not known; no argument has it itself. */
const unknownMark = '\0';

type Reader = (args: readonly string[], state: ShellState) => HiddenCode | undefined;

/** Builtins that give the shell code or change how it reads what follows, whatever they are given. */
const evaluators =
  'alias bind bindkey compctl compdef complete compgen compopt emulate fc zle zmodload autoload sched zstyle zcompile zpty zargs vared ' +
  'functions setopt unsetopt disable zparseopts enable zsocket ztcp zselect unhash zf_rm zf_ln zf_mv zf_mkdir zf_chmod';

const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ...evaluators.split(' ').map((name) => [name, inEvaluator] as const),
  ...'unset read mapfile readarray getopts wait'.split(' ').map((name) => [name, inNames] as const),
  ...'declare typeset local export readonly integer float'
    .split(' ')
    .map((name) => [name, inDeclaration] as const),
  ['let', (args, state) => plain(args.every((arg) => isPlainArithmetic(arg, state)))],
  [
    'printf',
    (args, state) => (args[0]?.startsWith('-') === true ? inNames(args, state) : inNumbers(args, state)),
  ],
  [
    'print',
    (args, state) => (args.some((arg) => /^-\w*[PvzsSR]/.test(arg)) ? 'evaluated' : inNames(args, state)),
  ],
  ['test', inTest],
  ['[', inTest],
  ['[[', inTest],
  [
    'hash',
    (args) =>
      args.every((arg) => /^-[rlt]*$/.test(arg) || /^[\w.-]+$/.test(arg)) && !args.includes('-p')
        ? undefined
        : 'evaluated',
  ],
  ['history', (args) => (args.every((arg) => /^\d*$/.test(arg)) ? undefined : 'evaluated')],
  ['jobs', (args) => (args.some((arg) => /^-\w*x/.test(arg)) ? 'evaluated' : undefined)],
  // Ksh evaluates numbers that builtins are given; in zsh some do.
  ...'exit return shift break continue ulimit umask'.split(' ').map((name) => [name, inNumbers] as const),
  ['set', inOptions],
  [
    'shopt',
    (args) => (args.some((arg) => /expand_aliases|assoc_expand|compat/.test(arg)) ? 'evaluated' : undefined),
  ],
]);

/** Code in the arguments of a builtin that the shell evaluates, or may evaluate. */
export function hiddenInBuiltin(words: readonly ShellWord[], state: ShellState): HiddenCode | undefined {
  const [name, ...args] = builtinOf(words);
  const reader = readers.get(name?.value ?? '');
  if (reader === undefined) return undefined;
  const texts = args.map(
    ({ value, unknown, text }) => value ?? (unknown === 'number' ? '0' : `${unknownMark}${text}`),
  );
  return reader(texts, state) ?? inSettings(words, state);
}

function inSettings(words: readonly ShellWord[], state: ShellState): HiddenCode | undefined {
  for (const { name, value } of variablesSetBy(words)) {
    const hidden = hiddenInSetting(name, value, state);
    if (hidden !== undefined) return hidden;
  }
  return undefined;
}

function inEvaluator(args: readonly string[]): HiddenCode | undefined {
  return args.every((arg) => /^-[pL]$/.test(arg)) ? undefined : 'evaluated';
}

function inNames(args: readonly string[], state: ShellState): HiddenCode | undefined {
  // With `-C`, mapfile runs a command; of an argument that is not known only the shell knows what it names.
  if (args.some((arg) => /^-\w*C/.test(arg))) return 'evaluated';
  return plain(
    args.every(
      (arg) => !arg.startsWith(unknownMark) && isPlainName(arg.replace(/^-[A-Za-z]+?(?=\w+\[)/, ''), state),
    ),
  );
}

function inDeclaration(args: readonly string[], state: ShellState): HiddenCode | undefined {
  const isEvaluated = args.some((arg) => /^[-+]\w*[inT]/.test(arg));
  const isArray = args.some((arg) => /^[-+]\w*[aA]/.test(arg));
  for (const arg of args) {
    const [name, value] = split(arg);
    if (name.startsWith(unknownMark) || !isPlainName(arg, state)) return 'arithmetic';
    if (value === undefined) continue;
    if (isEvaluated && !isPlainArithmetic(value, state)) return 'arithmetic';
    // What looks like a list is read once more, with all that is in it.
    if (/^\([^]*[$`[<>]/.test(value) && (isArray || mayBeArray(name, state))) return 'evaluated';
  }
  return undefined;
}

function mayBeArray(name: string, state: ShellState): boolean {
  const value = state.variables.get(name);
  return state.isLost || (value === undefined ? state.isNested : value.open);
}

function split(arg: string): readonly [string, string | undefined] {
  const at = arg.indexOf('=');
  return at < 0 ? [arg, undefined] : [arg.slice(0, at).replace(/\+$/, ''), arg.slice(at + 1)];
}

const comparison = /^-(?:eq|ne|lt|le|gt|ge)$/;

/** `-v` and `-R` name a variable, subscript and all; `[[ a -eq b ]]` evaluates both sides, as `[` does in some shells. */
function inTest(args: readonly string[], state: ShellState): HiddenCode | undefined {
  return plain(
    args.every((arg, index) => {
      const before = args[index - 1] ?? '';
      if (before === '-v' || before === '-R') return !arg.startsWith(unknownMark) && isPlainName(arg, state);
      const isCompared = comparison.test(before) || comparison.test(args[index + 1] ?? '');
      return !isCompared || isPlainArithmetic(arg.replace(unknownMark, ''), state);
    }),
  );
}

function inNumbers(args: readonly string[], { mayBeZsh }: ShellState): HiddenCode | undefined {
  return plain(!mayBeZsh || !args.some((arg) => /\[[^]*[$`]/.test(arg)));
}

/** `set -A a …` sets an array of zsh's or ksh's. */
function inOptions(args: readonly string[]): HiddenCode | undefined {
  return args.some((arg) => /^[-+]\w*[kA]|^(?:history|histexpand|keyword)$/.test(arg))
    ? 'evaluated'
    : undefined;
}

function plain(isPlain: boolean): HiddenCode | undefined {
  return isPlain ? undefined : 'arithmetic';
}
