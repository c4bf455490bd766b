import { forEachChild, parse, type Command, type Redirection, type SyntaxNode, type Word } from 'unbash';
import { addAll } from '../../kernel/bounds/add-all.ts';

/** Programs that never run what they are given, and pass no file's content on. */
const silentPrograms = [
  ...[
    'echo',
    'printf',
    'touch',
    'mkdir',
    'rm',
    'rmdir',
    'ls',
    'stat',
    'true',
    'false',
    ':',
    'test',
    '[',
    'date',
  ],
  ...['basename', 'dirname', 'realpath', 'sleep', 'exit', 'pwd'],
];

/** Programs that never run what they are given, but may pass it on to one that does. */
const copyingPrograms = [
  ...[
    'cat',
    'cp',
    'mv',
    'ln',
    'grep',
    'head',
    'tail',
    'wc',
    'sort',
    'uniq',
    'cut',
    'tr',
    'jq',
    'cmp',
    'diff',
  ],
  ...['sha256sum', 'md5sum', 'tee'],
];

const silent: ReadonlySet<string> = new Set(silentPrograms);
const data: ReadonlySet<string> = new Set([...silentPrograms, ...copyingPrograms, 'cd']);

/** What may make another program of a name, or run what was written: then every word counts. */
const changesNames = /\b(?:alias|enable|hash|PATH|BASH_ENV|BASH_FUNC)\b|\(\s*\)|\bfunction\b/;

/**
 * A shell line without the words that are data alone: files that output goes to, and what programs like `echo` and
 * `cat` write and read. All else stays in its place: scripts of interpreters, sourced files, executables, and
 * whatever is given to a program that is not known. What is piped into another program, and a line that cannot be
 * read, stays whole.
 */
export function withoutData(line: string): string {
  if (changesNames.test(line)) return line;
  const script = parse(line);
  if ((script.errors?.length ?? 0) > 0) return line;
  const found: Found[] = [];
  const words: Word[] = [];
  visit(script, false, { command: (one) => found.push(one), output: (target) => words.push(target) });
  const isAllData = found.every(({ command }) => runs(data, command));
  for (const { command, isPiped } of found) {
    const isData = isAllData || runs(tee, command) || (!isPiped && runs(silent, command));
    if (command !== undefined && isData)
      addAll(
        words,
        command.args.filter((word) => word.type === 'Word'),
      );
  }
  return words
    .filter(isPlain)
    .reduce((text, { pos, end }) => text.slice(0, pos) + ' '.repeat(end - pos) + text.slice(end), line);
}

const tee: ReadonlySet<string> = new Set(['tee']);

interface Found {
  /** `undefined`: commands of a substitution, whose positions may count in another text; they count whole. */
  readonly command: Command | undefined;
  /** Whether what it writes goes to another program. */
  readonly isPiped: boolean;
}

interface Visitor {
  readonly command: (found: Found) => void;
  /** What goes into a file is data where it goes there. */
  readonly output: (target: Word) => void;
}

function visit(node: SyntaxNode, isPiped: boolean, on: Visitor): void {
  if (node.type === 'Command') on.command({ command: node, isPiped });
  if (node.type === 'Command' || node.type === 'Redirected') {
    for (const redirect of node.redirects) visitTarget(redirect, on);
  }
  const pipes = isPiped || (node.type === 'Pipeline' && node.commands.length > 1);
  forEachChild(node, (child) => {
    if (child.type === 'Script') on.command({ command: undefined, isPiped });
    else visit(child, pipes, on);
  });
}

function visitTarget(redirect: Redirection, on: Visitor): void {
  if (redirect.type !== 'Redirect' || redirect.target === undefined) return;
  if (/^(?:&?>>?|>\|)$/.test(redirect.operator)) on.output(redirect.target);
}

function runs(programs: ReadonlySet<string>, command: Command | undefined): boolean {
  const name = command?.name;
  return name !== undefined && isPlain(name) && programs.has(name.value);
}

/** Without a substitution, whose commands run. */
function isPlain({ text }: Word): boolean {
  return !/[`]|\$\(|[<>]\(/.test(text);
}
