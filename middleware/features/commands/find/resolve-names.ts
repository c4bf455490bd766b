import type { ConfigSource } from '../../../kernel/config-source.ts';
import type { CommandFile } from '../command.ts';
import type { DiscoveredFile } from './discover-commands.ts';

/** The commands that count, by the names that call them. */
export interface CommandNames {
  /** By full name: of several with one name, the one that wins. */
  readonly byName: ReadonlyMap<string, CommandFile>;
  /** By the name without its folders, where only one command has it and no other bears it as its full name. */
  readonly byBareName: ReadonlyMap<string, CommandFile>;
  /** Those that may give themselves another name. */
  readonly skills: readonly CommandFile[];
}

const byKind = ['skill', 'markdown', 'javascript', 'python'] as const;

/** What was found in one folder. */
export interface FolderFiles {
  readonly source: ConfigSource;
  readonly files: readonly DiscoveredFile[];
}

/**
 * Decides which of several commands a name calls: the earlier folder's. A name ends at a space, so that one with a
 * space calls none. As in Claude Code, a skill wins over a command all the same, except over the enterprise's.
 */
export function resolveNames(folders: readonly FolderFiles[]): CommandNames {
  const byName = new Map<string, CommandFile>();
  const callable = folders.flatMap(commandFiles).filter(({ name }) => !/\s/.test(name));
  for (const file of callable.sort((one, other) => rankOf(one) - rankOf(other))) {
    if (!byName.has(file.name)) byName.set(file.name, file);
  }
  const byBareName = bareNames(byName);
  for (const [bareName, file] of byBareName) {
    const named = { ...file, bareName };
    byName.set(file.name, named);
    byBareName.set(bareName, named);
  }
  return { byName, byBareName, skills: [...byName.values()].filter(({ kind }) => kind === 'skill') };
}

function commandFiles({ source, files }: FolderFiles): readonly CommandFile[] {
  return [...files]
    .sort((one, other) => byKind.indexOf(one.kind) - byKind.indexOf(other.kind))
    .map(({ file, ...rest }) => ({ ...rest, bareName: undefined, source: { ...source, file } }));
}

function rankOf({ source, kind }: CommandFile): number {
  if (source.scope === 'enterprise') return 0;
  return kind === 'skill' ? 1 : 2;
}

function bareNames(byName: ReadonlyMap<string, CommandFile>): Map<string, CommandFile> {
  const byBareName = new Map<string, CommandFile>();
  const ambiguous = new Set<string>();
  for (const file of byName.values()) {
    if (file.namespace === '') continue;
    const bareName = file.name.slice(file.namespace.length + 1);
    if (byName.has(bareName) || byBareName.has(bareName)) ambiguous.add(bareName);
    byBareName.set(bareName, file);
  }
  for (const bareName of ambiguous) byBareName.delete(bareName);
  return byBareName;
}
