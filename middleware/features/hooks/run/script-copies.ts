import { mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { FolderView } from '../../../platform/process/sandbox/sandbox-policy.ts';
import type { CheckedFiles } from '../trust/checked-files.ts';

export interface ScriptCopies extends FolderView {
  /** The copy of a file, by its absolute path; `undefined` where there is none. */
  readonly copyOf: (path: string) => string | undefined;
  /** Makes the links on the disk, for where there is no sandbox that makes them: some 40 µs each. */
  readonly makeLinks: () => Promise<void>;
  readonly remove: () => Promise<void>;
}

/**
 * Copies of the files that were checked, made of the bytes that were: the files themselves could be others by the
 * time when they are run. What else lies in their folders, up to the project's, is a link, so that a script finds
 * what it loads. A file that is too large to be read is a link as well. Mounted over the script itself a copy would
 * not stay: Linux takes away what is mounted on a file as soon as somebody outside renames another one to its name.
 */
export async function copyScripts(
  files: CheckedFiles,
  { workspace, copiesDir }: { readonly workspace: string; readonly copiesDir: string },
): Promise<ScriptCopies> {
  await mkdir(copiesDir, { recursive: true, mode: 0o700 });
  const folder = await realpath(await mkdtemp(join(copiesDir, 'run-')));
  const inCopy = (path: string): string => join(folder, 'project', relative(workspace, path));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    // Otherwise Node takes scripts of a project without one for modules, where a package.json of ours around our
    // state says so.
    const around = join(folder, 'package.json');
    await writeFile(around, '{}');
    const copied = new Map([...files].filter(([, { isWhole }]) => isWhole));
    const folders = new Set([...copied.keys()].flatMap((path) => foldersTo(path, workspace)));
    for (const place of folders) await mkdir(inCopy(place), { recursive: true, mode: 0o700 });
    for (const [path, { content, isExecutable }] of copied) {
      await writeFile(inCopy(path), content, { mode: isExecutable ? 0o500 : 0o400 });
    }
    const beside = await Promise.all([...folders].map(pathsIn));
    const others = beside.flat().filter((path) => !copied.has(path) && !folders.has(path));
    const links = new Map(others.map((path) => [inCopy(path), path]));
    return {
      ...{ folder, links, remove },
      files: [around, ...[...copied.keys()].map(inCopy)],
      copyOf: (path) => (copied.has(path) ? inCopy(path) : undefined),
      makeLinks: async () => {
        await Promise.all([...links].map(([path, target]) => symlink(target, path)));
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function pathsIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.map((name) => join(folder, name));
}

/** The folder of a file and those around it, up to the project's. */
function foldersTo(path: string, workspace: string): readonly string[] {
  const names = relative(workspace, dirname(path))
    .split(sep)
    .filter((name) => name !== '');
  return [workspace, ...names.map((_, index) => join(workspace, ...names.slice(0, index + 1)))];
}
