import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { addAll } from '../../../kernel/bounds/add-all.ts';
import { codeOf } from '../../../kernel/errors.ts';
import { guardedState } from './guarded-state.ts';
import { readFolder } from './read-folder.ts';

/** In a repository: what it keeps there runs nothing, and is most of what it has. */
export const storedInGit = new Set(['objects', 'logs', 'lfs']);

/** For all of a project together; some 10 µs each. */
export const maxContents = 20_000;

/**
 * What lies in guarded folders, each by its path as a text that changes with every file in it; `undefined` where it
 * is too much. It reads no file.
 */
export async function guardedContents(
  paths: readonly string[],
  workspace: string,
): Promise<ReadonlyMap<string, string> | undefined> {
  const contents = new Map<string, string>();
  let left = maxContents;
  for (const path of paths) {
    const hash = createHash('sha256');
    const folders = [path];
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      const entries = await statesIn(folder, workspace, left);
      left -= entries.length + 1;
      if (left < 0) return undefined;
      hash.update(JSON.stringify([folder, entries]));
      addAll(
        folders,
        entries.filter(([, state]) => state.startsWith('folder ')).map(([inner]) => inner),
      );
    }
    contents.set(path, hash.digest('hex'));
  }
  return contents;
}

type Entry = readonly [path: string, state: string];

async function statesIn(folder: string, workspace: string, most: number): Promise<readonly Entry[]> {
  try {
    const names = (await readFolder(folder)).map(({ name }) => name);
    const isRepository = names.includes('HEAD');
    const some = names.filter((name) => !(isRepository && storedInGit.has(name))).sort();
    // One more than is left tells that it is too much.
    return await Promise.all(
      some.slice(0, most + 1).map(async (name) => {
        const path = join(folder, name);
        return [path, (await guardedState(path, workspace)) ?? 'gone'] as const;
      }),
    );
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    return [[folder, code]];
  }
}
