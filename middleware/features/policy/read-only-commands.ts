/** Tells whether arguments keep a program from changing anything. */
type IsHarmless = (args: readonly string[]) => boolean;

const always: IsHarmless = () => true;

/** Programs that write nothing and start nothing, whatever their arguments. */
const harmless =
  'echo ls cat pwd whoami head tail grep egrep fgrep wc diff cmp comm ps id stat du base64 uname which type true false ' +
  'sleep basename dirname realpath readlink cut paste tr tac nl rev fold fmt expand unexpand column od strings ' +
  'md5sum sha1sum sha256sum sha512sum cksum jq seq expr df free uptime nproc groups locale cal numfmt tsort arch :';

const versioned = new Set(
  'node npm npx yarn pnpm bun deno tsc python python3 pip pip3 ruby gem go rustc cargo java javac gcc g++ clang make cmake git docker bash'.split(
    ' ',
  ),
);

const findWrites = /^-(?:exec|ok|delete|fprint|fls)/;
const gitReads = new Set(['status', 'log', 'diff', 'show', 'blame', 'ls-files', 'rev-parse', 'describe']);
const evaluating = /^-(?:eq|ne|lt|le|gt|ge|v|R)$/;

const programs: ReadonlyMap<string, IsHarmless> = new Map<string, IsHarmless>([
  ...harmless.split(' ').map((name) => [name, always] as const),
  ['printf', none(/^-v/)],
  ['command', (args) => /^-[vV]$/.test(args[0] ?? '')],
  ['find', none(findWrites)],
  ['rg', none(/^(?:--pre|--hostname-bin|--search-zip)|^-[A-Za-z]*z/)],
  ['sort', none(/^-[A-Za-z]*[oT]|^--(?:o|com|t)/)],
  ['tree', none(/^-[A-Za-z]*[oR]|^--output/)],
  ['date', (args) => args.every((arg, index) => isDateArgument(arg, args[index - 1]))],
  ['sed', isPrintingSed],
  ['git', isReadingGit],
  // `[ -v 'a[$(rm x)]' ]` and `[[ 'a[$(rm x)]' -eq 1 ]]` run what stands in the brackets.
  ['test', isPlainTest],
  ['[', isPlainTest],
  ['[[', isPlainTest],
]);

/** Programs of the list in whose arguments an option would write: names that a wildcard stands for could be one. */
const namesCouldBeOptions = new Set(['sort', 'tree', 'date', 'sed', 'find', 'rg', 'git']);

/** Whether a command is known to change nothing and to start nothing else, whatever files it is given. */
export function isReadOnly(name: string, args: readonly string[], hasPattern: boolean): boolean {
  if (args.length === 1 && args[0] === '--version' && versioned.has(name)) return true;
  if (hasPattern && namesCouldBeOptions.has(name)) return false;
  return programs.get(name)?.(args) === true;
}

function none(forbidden: RegExp): IsHarmless {
  return (args) => !args.some((arg) => forbidden.test(arg));
}

function isDateArgument(arg: string, before: string | undefined): boolean {
  return (
    before === '-d' || before === '--date' || /^(?:\+|-u$|-R$|-I|--iso|--rfc|--utc$|-d|--date)/.test(arg)
  );
}

function isPlainTest(args: readonly string[]): boolean {
  return !args.some((arg) => evaluating.test(arg)) || args.every((arg) => /^[\w.\-+/ \]]*$/.test(arg));
}

function isReadingGit(args: readonly string[]): boolean {
  const [subcommand, ...rest] = args[0] === '--no-pager' ? args.slice(1) : args;
  return gitReads.has(subcommand ?? '') && !rest.some((arg) => /^--(?:ou|ext|textc)/.test(arg));
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
