import { addAll } from '../../../kernel/bounds/add-all.ts';
import { BoundedMap } from '../../../kernel/bounds/bounded-map.ts';
import { roughSize } from '../../../kernel/bounds/rough-size.ts';
import type { CommandFolder } from '../../../platform/config/scopes/folders/command-folders.ts';
import { nodeFileAccess } from '../../../platform/config/scopes/files/file-access.ts';
import { FreshCache } from '../../../platform/fresh-cache.ts';
import type { Command, CommandFile } from '../command.ts';
import { discoverCommands, isUnchanged, type CommandFault, type Discovery } from './discover-commands.ts';
import { readCommand, type CommandReading } from './read-command.ts';
import { resolveNames, type CommandNames } from './resolve-names.ts';

interface CommandCatalogOptions {
  /** A clock that only goes forward, in milliseconds. */
  readonly now: () => number;
  /** For how long a folder is taken to be as it was. */
  readonly freshMs?: number;
}

export type FoundCommand =
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'unreadable'; readonly name: string; readonly reason: string }
  | { readonly kind: 'unknown' };

interface Merged {
  readonly discoveries: readonly Discovery[];
  readonly names: CommandNames;
}

const maxFolders = 1_000;
const maxMerged = 200;
const maxCommands = 10_000;
/** Of all commands that are kept read, in characters; one that falls out is read again. */
const maxReadSize = 64 * 1024 * 1024;
const maxReadsAtOnce = 64;

/**
 * The commands of any list of folders, in which the earlier folder's win. Changes on the disk are seen within `freshMs`, one
 * second where nothing is said: no more often are the folders looked at. A file is read only when it is called or listed.
 */
export class CommandCatalog {
  readonly #discoveries: FreshCache<Discovery>;
  readonly #merged = new BoundedMap<string, Merged>(maxMerged);
  readonly #read = new BoundedMap<string, CommandReading & { readonly kind: 'command' }>(maxCommands, {
    maxSize: maxReadSize,
    sizeOf: (reading, key) => key.length + roughSize(reading),
  });

  constructor({ now, freshMs = 1_000 }: CommandCatalogOptions) {
    this.#discoveries = new FreshCache({
      maxEntries: maxFolders,
      freshMs,
      now,
      load: async (key, previous) => {
        if (previous !== undefined && (await isUnchanged(previous))) return previous;
        return discoverCommands(JSON.parse(key) as CommandFolder);
      },
    });
  }

  /** The command that a name calls: its own, its bare one, or the one that a skill gives itself. */
  async find(folders: readonly CommandFolder[], name: string): Promise<FoundCommand> {
    const { byName, byBareName, skills } = await this.#names(folders);
    const file = byName.get(name) ?? byBareName.get(name);
    if (file === undefined) return this.#findByAlias(skills, name);
    const reading = await readCommand(file);
    // Gone since the folder was looked at.
    if (reading.kind === 'absent') return { kind: 'unknown' };
    return reading.kind === 'command' ? reading : { ...reading, name: file.name };
  }

  /** Every command that counts, by name; those that cannot be read are left out. */
  async list(folders: readonly CommandFolder[]): Promise<readonly Command[]> {
    const { byName } = await this.#names(folders);
    const readings = await this.#readAll([...byName.values()]);
    return readings
      .flatMap((reading) => (reading.kind === 'command' ? [reading.command] : []))
      .sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  /** What is in the folders and is no command, or cannot be read, and why. */
  async faults(folders: readonly CommandFolder[]): Promise<readonly CommandFault[]> {
    const discoveries = await Promise.all(folders.map((folder) => this.#discoveries.get(keyOf(folder))));
    const files = [...(await this.#names(folders)).byName.values()];
    const readings = await this.#readAll(files);
    const unreadable = files.flatMap(({ source }, index) => {
      const reading = readings[index];
      return reading?.kind === 'unreadable' ? [{ file: source.file, reason: reading.reason }] : [];
    });
    return [...discoveries.flatMap(({ faults }) => faults), ...unreadable];
  }

  async #findByAlias(skills: readonly CommandFile[], name: string): Promise<FoundCommand> {
    for (const reading of await this.#readAll(skills)) {
      if (reading.kind === 'command' && reading.command.alias === name) return reading;
    }
    return { kind: 'unknown' };
  }

  async #names(folders: readonly CommandFolder[]): Promise<CommandNames> {
    const discoveries = await Promise.all(folders.map((folder) => this.#discoveries.get(keyOf(folder))));
    const key = JSON.stringify(folders);
    const known = this.#merged.get(key);
    if (known?.discoveries.every((discovery, index) => discovery === discoveries[index])) return known.names;
    const names = resolveNames(
      folders.map(({ source }, index) => ({ source, files: discoveries[index]?.files ?? [] })),
    );
    this.#merged.set(key, { discoveries, names });
    return names;
  }

  async #readAll(files: readonly CommandFile[]): Promise<readonly CommandReading[]> {
    const readings: CommandReading[] = [];
    // Not all at once: each holds a file open, and a process may have only so many.
    for (let from = 0; from < files.length; from += maxReadsAtOnce) {
      const batch = files.slice(from, from + maxReadsAtOnce);
      addAll(readings, await Promise.all(batch.map((file) => this.#readOnce(file))));
    }
    return readings;
  }

  async #readOnce(file: CommandFile): Promise<CommandReading> {
    const key = JSON.stringify(file);
    const known = this.#read.get(key);
    if (known?.id !== undefined) {
      const stamp = await nodeFileAccess.stamp(file.source.file);
      if (stamp.kind === 'file' && stamp.id === known.id) return known;
    }
    const reading = await readCommand(file);
    if (reading.kind !== 'command') return reading;
    // A list needs no scripts, and thousands of them are large.
    const listed = { ...reading, command: { ...reading.command, script: undefined } };
    this.#read.set(key, listed);
    return listed;
  }
}

function keyOf({ folder, kind, source }: CommandFolder): string {
  return JSON.stringify({ folder, kind, source });
}
