import { mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { CheckedFiles } from '../trust/checked-files.ts';

export interface ScriptCopies {
  /** Absolute. */
  readonly folder: string;
  /** The copy of a file, by its absolute path; `undefined` where there is none. */
  readonly copyOf: (path: string) => string | undefined;
  readonly remove: () => Promise<void>;
}

/**
 * Copies of the files that were checked, made of the bytes that were: the files themselves could be others by the time when they are
 * run. What else lies in their folders, up to the project's, is there as a link, so that a script finds what it loads. A file that is
 * too large to be read is a link as well.
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
    // Otherwise Node takes scripts of a project without one for modules, where a package.json of ours around our state says so.
    await writeFile(join(folder, 'package.json'), '{}');
    const copied = new Map([...files].filter(([, { isWhole }]) => isWhole));
    const folders = new Set([...copied.keys()].flatMap((path) => foldersTo(path, workspace)));
    for (const place of folders) await mkdir(inCopy(place), { recursive: true, mode: 0o700 });
    for (const [path, { content, isExecutable }] of copied) {
      await writeFile(inCopy(path), content, { mode: isExecutable ? 0o500 : 0o400 });
    }
    for (const place of folders) {
      const names = await readdir(place).catch(() => []);
      const others = names
        .map((name) => join(place, name))
        .filter((path) => !copied.has(path) && !folders.has(path));
      await Promise.all(others.map((path) => symlink(path, inCopy(path))));
    }
    return { folder, copyOf: (path) => (copied.has(path) ? inCopy(path) : undefined), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** The folder of a file and those around it, up to the project's. */
function foldersTo(path: string, workspace: string): readonly string[] {
  const names = relative(workspace, dirname(path))
    .split(sep)
    .filter((name) => name !== '');
  return [workspace, ...names.map((_, index) => join(workspace, ...names.slice(0, index + 1)))];
}
