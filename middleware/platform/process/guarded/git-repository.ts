import { dirname, isAbsolute } from 'node:path';
import { escapedPath } from './escaped-path.ts';
import { readSmallFile } from './read-small-file.ts';

/** Where git finds what is set for a repository (gitrepository-layout(5)). */
export interface GitRepository {
  /** Around `.git`; of a bare repository the repository itself. */
  readonly workTree: string;
  readonly gitDir: string;
  /** That of the main work tree, with the configuration and the hooks. */
  readonly commonDir: string;
}

const maxBytes = 16_384;

/** Where a `.git` leads, which is a folder, or a file that names one; or where a bare repository is. */
export async function gitRepository(path: string, isBare: boolean): Promise<GitRepository> {
  const workTree = isBare ? path : dirname(path);
  const named = isBare ? undefined : await readSmallFile(path, maxBytes);
  const gitDir = named === undefined ? path : from(workTree, pathIn(named.replace(/^gitdir: */, '')));
  const common = await readSmallFile(`${gitDir}/commondir`, maxBytes);
  return { workTree, gitDir, commonDir: common === undefined ? gitDir : from(gitDir, pathIn(common)) };
}

function pathIn(bytes: string): string {
  return escapedPath(Buffer.from(bytes.replace(/[\r\n]+$/, ''), 'latin1'));
}

/** Not joined: `link/..` is not where the link lies. */
function from(folder: string, path: string): string {
  return isAbsolute(path) ? path : `${folder}/${path}`;
}
