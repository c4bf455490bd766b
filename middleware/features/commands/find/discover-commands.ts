import type { Dirent, Stats } from 'node:fs';
import { opendir, realpath, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { codeOf } from '../../../kernel/errors.ts';
import { orAbsent } from '../../../kernel/or-absent.ts';
import type { CommandFolder } from '../../../platform/config/scopes/folders/command-folders.ts';
import { isWithin } from '../../../platform/config/scopes/find-workspace.ts';
import type { CommandFile } from '../command.ts';

/** A command file of one folder, before it is known whose folder that is. */
export interface DiscoveredFile extends Pick<CommandFile, 'name' | 'namespace' | 'kind'> {
  readonly file: string;
}

/** What was found in a folder, and how its directories and links looked then. */
export interface Discovery {
  readonly files: readonly DiscoveredFile[];
  readonly marks: readonly Mark[];
  readonly faults: readonly CommandFault[];
}

/** What is in a folder of commands and is none, and why, as the end of a sentence. */
export interface CommandFault {
  readonly file: string;
  readonly reason: string;
}

interface Mark {
  readonly path: string;
  /** Which directory or file it was and when it was changed last; `undefined` where there was none. */
  readonly state: string | undefined;
  /** Whether a later change is sure to change `state`. */
  readonly isSettled: boolean;
}

/** Bounds for trees that somebody linked into each other, or that were never meant to be commands. */
const maxDepth = 32;
const maxMarks = 2_000;
const maxFiles = 5_000;
/** Of all kinds: what is no command has to be read past as well. */
const maxEntries = 20_000;
const maxFaults = 20;

/** Clocks of file systems step by up to two seconds (FAT): two changes within one step look like one. */
const coarsestClockMs = 2_000;

/**
 * Finds the command files below a folder without reading any of them. Symbolic links are followed, loops left out; those of a
 * project only to what is in it, for whoever wrote them chose what is read.
 */
export async function discoverCommands({ folder, kind, source }: CommandFolder): Promise<Discovery> {
  const within = isOfProject(source) ? await orAbsent(realpath(source.baseDir)) : undefined;
  const walk: Walk = { files: [], marks: [], faults: [], within, entries: 0 };
  if (!(await leadsOut(walk, folder))) {
    if (kind === 'skills') await findSkills(walk, folder);
    else await findCommands(walk, { path: folder });
  } else await mark(walk, folder);
  if (isFull(walk) || walk.entries >= maxEntries) {
    const reason = `has more than a folder of commands may have (${maxFiles} commands, ${maxMarks} folders and links, ${maxEntries} entries): the rest is left out`;
    walk.faults.push({ file: folder, reason });
  }
  return walk;
}

/** Whether a folder's directories still look as they did: then no file came, went or was renamed. */
export async function isUnchanged({ marks }: Discovery): Promise<boolean> {
  if (marks.some(({ isSettled }) => !isSettled)) return false;
  const states = await Promise.all(marks.map(async ({ path }) => stateOf(await orAbsent(stat(path)))));
  return marks.every(({ state }, index) => state === states[index]);
}

/** Those that come with a project; a user may keep commands wherever they like. */
function isOfProject({ scope }: CommandFolder['source']): boolean {
  return scope === 'project' || scope === 'local';
}

interface Walk {
  readonly files: DiscoveredFile[];
  readonly marks: Mark[];
  readonly faults: CommandFault[];
  /** Where links may lead, without symbolic links; `undefined`: anywhere. */
  readonly within: string | undefined;
  entries: number;
}

/** Entries do not count here: those that were read are still looked at, and `list` reads no more. */
function isFull({ files, marks }: Walk): boolean {
  return files.length >= maxFiles || marks.length >= maxMarks;
}

/** Whether a link leads to where the walk must not go, which is noted. */
async function leadsOut(walk: Walk, path: string): Promise<boolean> {
  if (walk.within === undefined) return false;
  const real = await orAbsent(realpath(path));
  if (real === undefined || isWithin(walk.within, real)) return false;
  const reason = 'is a link that leads out of the project, and is not followed';
  if (walk.faults.length < maxFaults) walk.faults.push({ file: path, reason });
  return true;
}

interface Place {
  readonly path: string;
  readonly namespace?: readonly string[];
  /** The directories above, by which a loop is noticed. */
  readonly above?: readonly string[];
}

async function findSkills(walk: Walk, folder: string): Promise<void> {
  for (const entry of await list(walk, folder)) {
    const path = join(folder, entry.name);
    if (isFull(walk)) return;
    if (entry.isSymbolicLink() && (await isClosedLink(walk, path))) continue;
    if (!(await isDirectory(entry, path))) continue;
    const entries = await list(walk, path);
    const skill = entries.find(({ name }) => name === skillFile);
    if (skill !== undefined && (await isSkill(walk, skill, path))) {
      walk.files.push({ name: entry.name, namespace: '', kind: 'skill', file: join(path, skillFile) });
    }
  }
}

async function isSkill(walk: Walk, entry: Dirent, folder: string): Promise<boolean> {
  const path = join(folder, skillFile);
  if (entry.isSymbolicLink() && (await isClosedLink(walk, path))) return false;
  return isFile(entry, path);
}

/** Where a link leads may change without a change of the folder that it is in. */
async function isClosedLink(walk: Walk, path: string): Promise<boolean> {
  await mark(walk, path);
  return leadsOut(walk, path);
}

const skillFile = 'SKILL.md';

async function findCommands(walk: Walk, { path, namespace = [], above = [] }: Place): Promise<void> {
  const stats = await orAbsent(stat(path));
  const identity = stats === undefined ? '' : identityOf(stats);
  if (above.includes(identity) || above.length > maxDepth || isFull(walk)) return;
  const entries = await list(walk, path);
  const skill = namespace.length === 0 ? undefined : entries.find(({ name }) => name === skillFile);
  if (skill !== undefined && (await isSkill(walk, skill, path))) {
    // A folder with a SKILL.md is one command, and what else is in it belongs to that.
    walk.files.push({
      name: namespace.join(':'),
      namespace: namespace.slice(0, -1).join(':'),
      kind: 'skill',
      file: join(path, skillFile),
    });
    return;
  }
  for (const entry of entries) {
    if (isFull(walk)) return;
    await visit(walk, entry, { path, namespace, above: [...above, identity] });
  }
}

async function visit(walk: Walk, entry: Dirent, place: Required<Place>): Promise<void> {
  const path = join(place.path, entry.name);
  if (entry.isSymbolicLink() && (await isClosedLink(walk, path))) return;
  const kind = kindOf(entry.name, place.namespace);
  if (kind !== undefined && (await isFile(entry, path))) {
    walk.files.push(commandFile(path, place.namespace, kind));
  } else if (kind !== 'markdown' && (await isDirectory(entry, path))) {
    await findCommands(walk, { ...place, path, namespace: [...place.namespace, entry.name] });
  }
}

function commandFile(
  file: string,
  namespace: readonly string[],
  kind: DiscoveredFile['kind'],
): DiscoveredFile {
  const bare = basename(file).replace(/\.[a-z]+$/, '');
  return { name: [...namespace, bare].join(':'), namespace: namespace.join(':'), kind, file };
}

/** Folders in which scripts are libraries, not commands. */
const libraryFolders = ['node_modules', '__pycache__'];

function kindOf(name: string, namespace: readonly string[]): DiscoveredFile['kind'] | undefined {
  if (name.endsWith('.md')) return 'markdown';
  // What scripts import is often named so, and is no command itself.
  if (/^[._]/.test(name) || namespace.some((folder) => libraryFolders.includes(folder))) return undefined;
  if (/\.[cm]?js$/.test(name)) return 'javascript';
  return name.endsWith('.py') ? 'python' : undefined;
}

/** A directory's entries, as many as the walk may take; none where it is none or may not be read. */
async function list(walk: Walk, path: string): Promise<readonly Dirent[]> {
  // Before the reading, so that what changes meanwhile shows as a change.
  const stats = await mark(walk, path);
  if (stats?.isDirectory() !== true) return [];
  const entries: Dirent[] = [];
  try {
    for await (const entry of await opendir(path, { bufferSize: 1_024 })) {
      if (walk.entries >= maxEntries) break;
      walk.entries += 1;
      entries.push(entry);
    }
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
  }
  return entries;
}

async function mark(walk: Walk, path: string): Promise<Stats | undefined> {
  const stats = await orAbsent(stat(path));
  const isSettled = stats === undefined || Date.now() - stats.mtimeMs > coarsestClockMs;
  walk.marks.push({ path, state: stateOf(stats), isSettled });
  return stats;
}

async function isFile(entry: Dirent, path: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isFile();
  return (await orAbsent(stat(path)))?.isFile() === true;
}

async function isDirectory(entry: Dirent, path: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return (await orAbsent(stat(path)))?.isDirectory() === true;
}

function identityOf({ dev, ino }: Stats): string {
  return `${dev}:${ino}`;
}

function stateOf(stats: Stats | undefined): string | undefined {
  return stats === undefined ? undefined : `${identityOf(stats)}:${stats.mtimeMs}:${stats.ctimeMs}`;
}
