import { createHash, type Hash } from 'node:crypto';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { canonicalJson } from '../../../kernel/canonical-json.ts';
import { withoutData } from '../../../platform/shell/without-data.ts';
import type { CommandHandler, HookEntry } from '../config/hook-entry.ts';

/** Reads a file; `undefined` where there is none. */
export type ReadProjectFile = (path: string) => Buffer | undefined;

/**
 * What trust in a hook is bound to: a hash over all that it is, and over every file of the project that its command
 * names; files that it only writes, and reads as data, do not count. A changed definition or script is another
 * hook. What such a script loads in turn is not followed.
 */
export function hookHash(entry: HookEntry, projectDir: string, readFile: ReadProjectFile): string {
  const hash = createHash('sha256').update(canonicalJson(definitionOf(entry)));
  for (const path of namedFiles(entry, projectDir)) {
    const content = readFile(path);
    if (content !== undefined) addFile(hash, relative(projectDir, path), content);
  }
  return hash.digest('hex');
}

/** The same for a script hook, which is nothing but its file. */
export function scriptHash(name: string, content: Buffer): string {
  const hash = createHash('sha256');
  addFile(hash, name, content);
  return hash.digest('hex');
}

function addFile(hash: Hash, name: string, content: Buffer): void {
  const digest = createHash('sha256').update(content).digest('hex');
  hash.update(`\n${JSON.stringify([name, digest])}`);
}

/** All of a hook but where it was found. */
function definitionOf(entry: HookEntry): Omit<HookEntry, 'source' | 'index'> {
  const { event, matcher, condition, handler, timeoutMs, statusMessage } = entry;
  const { once, async, onFailure, permissions } = entry;
  return {
    event,
    matcher,
    condition,
    handler,
    timeoutMs,
    statusMessage,
    once,
    async,
    onFailure,
    permissions,
  };
}

/**
 * The places in the project that words of the command may name, in order. Generous, for a place where there is no file
 * costs nothing: words are cut with quotes heeded and not, and are looked for in every folder that the command goes to.
 */
export function namedFiles({ handler }: HookEntry, projectDir: string): readonly string[] {
  if (handler.kind !== 'command') return [];
  const words = codeOf(handler).flatMap(wordsOf);
  const places = words.map((word) =>
    word.replaceAll(/\$\{?(?:CLAUDE_PROJECT_DIR|PWD)\}?/g, () => projectDir),
  );
  const visited = places.filter((_, index) => goesTo.has(words[index - 1] ?? ''));
  const paths = ['.', ...visited].flatMap((folder) =>
    places.map((place) => resolve(projectDir, folder, place)),
  );
  return [...new Set(paths.filter((path) => isBelow(path, projectDir)))].sort();
}

/** With arguments there is no shell: they are one program's. */
function codeOf({ command, args }: CommandHandler): readonly string[] {
  return args === undefined ? [withoutData(command)] : [command, ...args];
}

const goesTo: ReadonlySet<string> = new Set(['cd', 'pushd']);

function wordsOf(text: string): readonly string[] {
  const quoted = [...text.matchAll(/"([^"]*)"|'([^']*)'/g)].map(
    ([, double, single]) => double ?? single ?? '',
  );
  const bare = text.replaceAll(/["']/g, '').split(/[\s;|&<>()`=]+/);
  return [...bare, ...quoted].filter((word) => word !== '');
}

function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
