import { resolve } from 'node:path';
import { forEachChild, parse, type Command, type SyntaxNode, type Word } from 'unbash';
import { runScriptsOf } from './script-words.ts';

export interface CopiesOf {
  /** The absolute folder in which the line runs, and what `$CLAUDE_PROJECT_DIR` stands for. */
  readonly folder: string;
  /** The copy of a file, by its absolute path; `undefined` where there is none. */
  readonly copyOf: (path: string) => string | undefined;
}

/**
 * A shell line in which the scripts that it runs are replaced by their copies: programs by their path, sourced
 * files, and what is given to an interpreter. All else stays: data, and what cannot be read with certainty.
 * @internal exported for its tests
 */
export function withCopies(line: string, copies: CopiesOf): string {
  const script = parse(line);
  if ((script.errors?.length ?? 0) > 0) return line;
  const commands: Command[] = [];
  visit(script, commands);
  const values = commands.map((command) => wordsOf(command).map((word) => valueOf(word, line, copies)));
  const copyOf = copyFinder(values, copies);
  const replacements = commands.flatMap((command, at) => {
    const words = wordsOf(command);
    const found = runScriptsOf(values[at] ?? [], {
      copyOf,
      inLine: (nested) => withCopies(nested, copies),
    });
    return [...found].flatMap(([index, value]) => {
      const word = words[index];
      return word === undefined ? [] : [{ ...word, pos: word.pos, end: word.end, value }];
    });
  });
  return replacements
    .sort((one, other) => other.pos - one.pos)
    .reduce((text, { pos, end, value }) => text.slice(0, pos) + quoted(value) + text.slice(end), line);
}

/** With arguments there is no shell: they are one program's. */
export function argumentsWithCopies(words: readonly string[], copies: CopiesOf): readonly string[] {
  const found = runScriptsOf(words, {
    copyOf: copyFinder([], copies),
    inLine: (line) => withCopies(line, copies),
  });
  return words.map((word, index) => found.get(index) ?? word);
}

/** Commands of a substitution are not looked at: their positions may count in another text. */
function visit(node: SyntaxNode, commands: Command[]): void {
  if (node.type === 'Command') commands.push(node);
  forEachChild(node, (child) => {
    if (child.type !== 'Script') visit(child, commands);
  });
}

function wordsOf({ name, args }: Command): readonly Word[] {
  if (name === undefined) return [];
  // An assignment among the arguments is no script, and keeps its place as one that nobody knows.
  return [
    name,
    ...args.map((argument) => (argument.type === 'Word' ? argument : { ...name, value: '', text: '' })),
  ];
}

/** A relative path is taken where only one folder that the line goes to has such a file. */
function copyFinder(
  commands: readonly (readonly (string | undefined)[])[],
  { folder, copyOf }: CopiesOf,
): CopiesOf['copyOf'] {
  const visits = commands.filter(([name]) => name !== undefined && goesElsewhere.has(name));
  const isElsewhere = visits.some(([name, to]) => name === 'popd' || to === undefined || /^[-+~]/.test(to));
  const folders = new Set([folder]);
  for (const [, to] of visits) for (const from of [...folders]) folders.add(resolve(from, to ?? '.'));
  return (word) => {
    if (word.startsWith('/')) return copyOf(resolve(word));
    if (isElsewhere) return undefined;
    const found = [...folders]
      .map((from) => copyOf(resolve(from, word)))
      .filter((copy) => copy !== undefined);
    return found.length === 1 ? found[0] : undefined;
  };
}

const goesElsewhere: ReadonlySet<string> = new Set(['cd', 'pushd', 'popd']);

/** What the program gets; `undefined` where only a run can tell. */
function valueOf(word: Word, line: string, { folder }: CopiesOf): string | undefined {
  if (line.slice(word.pos, word.end) !== word.text || word.text.startsWith('~')) return undefined;
  if (word.parts === undefined) return word.value;
  const isKnown = !/(?<![${\w])CLAUDE_PROJECT_DIR/.test(line);
  let value = '';
  for (const part of word.parts) {
    const children = part.type === 'DoubleQuoted' ? part.parts : [part];
    for (const child of children) {
      const text = textOf(child, part.type === 'DoubleQuoted', isKnown ? folder : undefined);
      if (text === undefined) return undefined;
      value += text;
    }
  }
  return value;
}

type Part = NonNullable<Word['parts']>[number];

function textOf(part: Part, isQuoted: boolean, folder: string | undefined): string | undefined {
  if (part.type === 'Literal' || part.type === 'SingleQuoted' || part.type === 'AnsiCQuoted')
    return part.value;
  const isFolder = part.text === '$CLAUDE_PROJECT_DIR' || part.text === '${CLAUDE_PROJECT_DIR}';
  // Unquoted it is split, and its wildcards count.
  return isFolder && (isQuoted || !/[\s*?[\\]/.test(folder ?? '')) ? folder : undefined;
}

/** A word that a shell takes as it is. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
