import { type JsonObject } from '../../../kernel/json-object.ts';
import { join } from 'node:path';
import type { ConfigSource } from '../../../kernel/config-source.ts';
import type { CliSettings } from './cli-settings.ts';
import type { EnterpriseFolder } from './folders/enterprise-folders.ts';
import { families, familyFolders, type FamilyFolders } from './folders/family-folders.ts';

/** A file that may hold settings. */
export interface SettingsFile extends ConfigSource {
  /** The `.claude` file beside it: where that exists, this one does not count. */
  readonly unless: string | undefined;
  /** The settings themselves, where they were given on the command line instead of a file. */
  readonly inline: JsonObject | undefined;
}

interface SettingsPlaces {
  readonly workspace: string;
  /** The nearest folder, the workspace or above it, that holds `.git`. */
  readonly gitRoot: string | undefined;
  readonly user: FamilyFolders;
  readonly enterprise: readonly (EnterpriseFolder & {
    /** The names in its `managed-settings.d`. */
    readonly dropIns: readonly string[];
  })[];
  readonly cli: readonly CliSettings[];
}

/**
 * The files that hold settings, the strongest first: enterprise, command line, local, project, user. In one scope
 * `.codexplus` beats `.claude`; lists of both add up. A `.codex` file counts only where the same folder has no `.claude`
 * file of that name, even an empty or a broken one: it is a fallback and adds nothing. As in Claude Code, a project's files
 * are those of the workspace itself, not of folders above it, but for `.claude/settings.local.json` of the git root.
 */
export function settingsFiles(places: SettingsPlaces): readonly SettingsFile[] {
  const { workspace, gitRoot, user } = places;
  const users = ofFamilies(user, 'settings.json', (family, file) => ({
    scope: 'user',
    family,
    file,
    baseDir: user[family],
  }));
  const project = familyFolders(workspace);
  const files = [
    ...places.enterprise.flatMap(enterpriseFiles),
    ...places.cli.toReversed().map((settings) => cliFile(settings, workspace)),
    ...ofFamilies(project, 'settings.local.json', (family, file) => ({
      scope: 'local',
      family,
      file,
      baseDir: workspace,
    })),
    ...(gitRoot === undefined || gitRoot === workspace ? [] : [gitRootFile(gitRoot)]),
    ...ofFamilies(project, 'settings.json', (family, file) => ({
      scope: 'project',
      family,
      file,
      baseDir: workspace,
    })),
    ...users,
  ];
  // Whoever works in the home folder has one file for both scopes. It is the user's.
  const userFiles = new Set(users.map(({ file }) => file));
  return files.filter(({ scope, file }) => scope === 'user' || !userFiles.has(file));
}

function ofFamilies(
  folders: FamilyFolders,
  name: string,
  sourceOf: (family: (typeof families)[number], file: string) => ConfigSource,
): readonly SettingsFile[] {
  return families.map((family) => ({
    ...sourceOf(family, join(folders[family], name)),
    unless: family === 'codex' ? join(folders.claude, name) : undefined,
    inline: undefined,
  }));
}

/** `managed-settings.json`, and over it the files of `managed-settings.d`, of which the later name wins. */
function enterpriseFiles(place: SettingsPlaces['enterprise'][number]): readonly SettingsFile[] {
  const { folder, family } = place;
  const dropIns = place.dropIns
    .filter((name) => name.endsWith('.json') && !name.startsWith('.'))
    .map((name) => join(folder, 'managed-settings.d', name));
  return [join(folder, 'managed-settings.json'), ...dropIns].toReversed().map((file) => ({
    scope: 'enterprise',
    family,
    file,
    baseDir: folder,
    unless: undefined,
    inline: undefined,
  }));
}

/** Read as Claude Code reads what its `--settings` gives. */
function cliFile({ file, inline }: CliSettings, workspace: string): SettingsFile {
  return { scope: 'cli', family: 'claude', file, baseDir: workspace, unless: undefined, inline };
}

function gitRootFile(gitRoot: string): SettingsFile {
  const file = join(gitRoot, '.claude', 'settings.local.json');
  return { scope: 'local', family: 'claude', file, baseDir: gitRoot, unless: undefined, inline: undefined };
}
