import { basename } from 'node:path';

interface ScriptFinder {
  readonly copyOf: (word: string) => string | undefined;
  /** The same for a line that a shell is given as an argument. */
  readonly inLine: (line: string) => string;
}

/**
 * Which of a command's words are scripts that it runs, by their places, with what is to stand there. `undefined`
 * among the words is one that only a run can tell.
 */
export function runScriptsOf(
  words: readonly (string | undefined)[],
  { copyOf, inLine }: ScriptFinder,
): ReadonlyMap<number, string> {
  const at = programAt(words);
  const program = words[at];
  if (program === undefined) return new Map();
  const copy = program.includes('/') ? copyOf(program) : undefined;
  if (copy !== undefined) return new Map([[at, copy]]);
  const name = basename(program);
  if (shells.test(name)) {
    const option = words.findIndex((word, index) => index > at && word?.startsWith('-') !== true) - 1;
    const line = takesLine.test(words[option] ?? '') ? words[option + 1] : undefined;
    if (line !== undefined) return new Map([[option + 1, inLine(line)]]);
    return scriptsBehind(at, words, copyOf, takesLine);
  }
  const runsScripts = sources.has(name) || interpreters.test(name) || program === process.execPath;
  return runsScripts ? scriptsBehind(at, words, copyOf, takesCode) : new Map();
}

/** What an interpreter is given: what it loads before the script, and the script, whose own arguments are data. */
function scriptsBehind(
  at: number,
  words: readonly (string | undefined)[],
  copyOf: ScriptFinder['copyOf'],
  endsOptions: RegExp,
): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  for (let index = at + 1; index < words.length; index += 1) {
    const word = words[index];
    // One that nobody knows may be the script.
    if (word === undefined || endsOptions.test(word)) break;
    const copy = copyOf(word);
    if (copy === undefined) continue;
    found.set(index, copy);
    if (!loads.test(words[index - 1] ?? '')) break;
  }
  return found;
}

const sources: ReadonlySet<string> = new Set(['source', '.']);
const shells = /^(?:sh|bash|dash|zsh|ksh|ash)$/;
const interpreters =
  /^(?:node|nodejs|python|pypy|ruby|perl|php|deno|bun|uv|tsx|ts-node|lua|pwsh)[\d.]*(?:\.exe)?$/;

/** What follows is a line of the shell. */
const takesLine = /^-[a-z]*c$/;
/** What follows is code, or names a module. */
const takesCode = /^(?:-[cepmE]|--eval|--print)$/;
const loads = /^(?:-r|--require|--import|--loader|--experimental-loader|--env-file|--rcfile|--init-file)$/;

/** Where the program stands that others only start. */
function programAt(words: readonly (string | undefined)[]): number {
  let at = 0;
  for (; at < words.length; at += 1) {
    const word = words[at];
    if (word === undefined || !(starters.has(word) || (at > 0 && isSkipped(word)))) break;
  }
  return at;
}

const starters: ReadonlySet<string> = new Set(['exec', 'command', 'nohup', 'env', 'time', 'nice', 'timeout']);

/** Options, the variables of `env`, and the time of `timeout`. */
function isSkipped(word: string): boolean {
  return /^(?:-[\w-]*(?:=.*)?|\w+=.*|[\d.]+[smhd]?)$/s.test(word);
}
