import { CommandCatalog } from '../find/command-catalog.ts';
import { commandFolders } from '../../../platform/config/scopes/folders/command-folders.ts';
import type { FamilyFolders } from '../../../platform/config/scopes/folders/family-folders.ts';
import { builtInCommands } from '../built-in-commands.ts';
import { stubMarker } from './skill-stub.ts';
import type { SkillStub } from './skill-stubs.ts';

/**
 * What Codex's user interface is to offer as `$name`: the built-in commands, the user's own, and those of the
 * project that the command line stands in. Skills that Codex finds by itself are none of them.
 */
export async function listStubs(user: FamilyFolders, workspace: string): Promise<SkillStub[]> {
  const catalog = new CommandCatalog({ now: () => performance.now() });
  const folders = commandFolders(workspace, user, []).filter(({ kind }) => kind === 'commands');
  const found = await catalog.list(folders);
  const own = found
    .filter(({ userInvocable, body }) => userInvocable && !body.includes(stubMarker))
    .map(({ name, description, source }) => ({
      ...{ name, description, file: source.file },
      project: source.scope === 'project' ? projectOf(source.file) : undefined,
    }));
  const taken = new Set(own.map(({ name }) => name));
  const builtIn = builtInCommands.map(({ name, description }) => ({
    name,
    description,
    file: undefined,
    project: undefined,
  }));
  return [...builtIn.filter(({ name }) => !taken.has(name)), ...own];
}

/** The folder whose `.claude`, `.codex` or `.codexplus` a file is in. */
function projectOf(file: string): string {
  return file.replace(/\/\.(?:claude|codex|codexplus)\/.*$/s, '');
}
