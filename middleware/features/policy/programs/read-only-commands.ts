import { plainWord } from '../../../platform/shell/shell-command.ts';
import { readOptions } from './option-grammar.ts';
import { isReadingGit } from './reading-git.ts';
import { readingPrograms } from './reading-programs.ts';

/** Tells whether arguments keep a program from changing anything. */
type IsHarmless = (args: readonly string[]) => boolean;

const always: IsHarmless = () => true;

/** Programs that tell their version without looking at what a project says of the version to use. */
const versioned = new Set(
  'node deno bun tsc python python3 pip pip3 ruby gem java javac gcc g++ clang make cmake git docker bash'.split(
    ' ',
  ),
);

const findTests =
  /^-(?:name|iname|path|ipath|wholename|iwholename|regex|iregex|regextype|type|xtype|size|empty|maxdepth|mindepth|[acm](?:time|min)|newer\w{0,2}|[ac]newer|perm|user|group|uid|gid|nouser|nogroup|links|inum|samefile|print|print0|printf|ls|prune|quit|not|a|o|and|or|true|false|depth|d|xdev|x|mount|follow|L|H|P|E|X|s|executable|readable|writable|daystart|noleaf|warn|nowarn|lname|ilname|fstype|used|\d+)$/;

const programs: ReadonlyMap<string, IsHarmless> = new Map<string, IsHarmless>([
  ...'echo true false expr : tr'.split(' ').map((name) => [name, always] as const),
  ['printf', none(/^-v/)],
  ['command', (args) => /^-[vV]$/.test(args[0] ?? '')],
  ['find', (args) => args.every((arg) => !arg.startsWith('-') || findTests.test(arg))],
  ['date', (args) => args.every((arg, index) => isDateArgument(arg, args[index - 1]))],
  [
    'ps',
    (args) =>
      args.every(
        (arg) =>
          /^(?:-?[aAfFlLxuwjTHX]+|-e[fFlLyw]*|-[ef]{1,2}[fFlLyw]*|\d+)$/.test(arg) && !/^[^-]*e/.test(arg),
      ),
  ],
  ['jq', (args) => isReading('jq', args) && args.every(isPlainFilter)],
  ['uniq', (args) => isReading('uniq', args) && operandsOf('uniq', args).length < 2],
  ['sed', isPrintingSed],
  ['git', isReadingGit],
  // `[ -v 'a[$(rm x)]' ]` and `[[ 'a[$(rm x)]' -eq 1 ]]` run what stands in the brackets: the shell's reader tells of it.
  ...['test', '[', '[['].map((name) => [name, always] as const),
]);

/** Programs of the list in whose arguments an option would write: names that a wildcard stands for could be one. */
const namesCouldBeOptions = new Set([
  'sort',
  'tree',
  'date',
  'sed',
  'find',
  'rg',
  'git',
  'jq',
  'uniq',
  'file',
  'diff',
  'ps',
  'base64',
]);

/** Whether a command is known to change nothing and to start nothing else, whatever files it is given. */
export function isReadOnly(name: string, args: readonly string[], hasPattern: boolean): boolean {
  if (args.length === 1 && versioned.has(name) && isVersion(name, args[0])) return true;
  if (hasPattern && namesCouldBeOptions.has(name)) return false;
  return (programs.get(name) ?? ((given) => isReading(name, given)))(args);
}

function isVersion(name: string, arg: string | undefined): boolean {
  return arg === '--version' || (name === 'node' && arg === '-v');
}

/** Whether all options are of those that a program's manual has and with which it only reads. */
function isReading(name: string, args: readonly string[]): boolean {
  const options = readingPrograms.get(name);
  return options !== undefined && !readOptions(args.map(plainWord), options).isUnread;
}

function operandsOf(name: string, args: readonly string[]): readonly unknown[] {
  return readOptions(args.map(plainWord), readingPrograms.get(name) ?? new Map()).operands;
}

/** The environment and modules are not the input's. */
function isPlainFilter(arg: string): boolean {
  return !/\b(?:env|ENV|__prog_args)\b|\b(?:import|include|modulemeta|get_search_list)\b/.test(arg);
}

function none(forbidden: RegExp): IsHarmless {
  return (args) => !args.some((arg) => forbidden.test(arg));
}

function isDateArgument(arg: string, before: string | undefined): boolean {
  return (
    before === '-d' || before === '--date' || /^(?:\+|-u$|-R$|-I|--iso|--rfc|--utc$|-d|--date)/.test(arg)
  );
}

/** `sed -n` with a script that prints and quits only; sed can write files and run commands. */
function isPrintingSed(args: readonly string[]): boolean {
  const scripts: string[] = [];
  let isQuiet = false;
  let hasOption = false;
  for (const [index, arg] of args.entries()) {
    if (args[index - 1] === '-e') scripts.push(arg);
    else if (arg === '-e') hasOption = true;
    else if (/^(?:-[nErsuz]+|--quiet|--silent|--regexp-extended)$/.test(arg))
      isQuiet ||= /^-[a-zA-Z]*n|^--(?:quiet|silent)/.test(arg);
    else if (arg.startsWith('-')) return false;
    else if (!hasOption && scripts.length === 0) scripts.push(arg);
  }
  return isQuiet && scripts.length > 0 && scripts.every(isPrintingScript);
}

function isPrintingScript(script: string): boolean {
  const address = String.raw`(?:\d+|\$|/(?:[^/\\]|\\.)*/I?|\+\d+)`;
  const one = new RegExp(String.raw`^\s*(?:${address}(?:,\s*${address})?)?\s*!?\s*[pdq=]?\s*$`);
  return script.split(/[;\n]/).every((part) => one.test(part));
}
