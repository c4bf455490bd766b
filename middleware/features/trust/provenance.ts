import { createHash } from 'node:crypto';
import { readFile, realpath, stat } from 'node:fs/promises';
import { askGit, type GitOptions } from './ask-git.ts';

/** Where a file comes from, as far as can be told. */
export interface Provenance {
  /** Absolute path, as it was asked for. */
  readonly file: string;
  /** SHA-256 of the content in hex; `undefined` when it cannot be read, is too large to run, or was changed since it was. */
  readonly hash: string | undefined;
  /**
   * `committed`: as in the last commit; `changed`: not as there; `uncommitted`: in no commit;
   * `unknown`: there is no repository, or git did not tell.
   */
  readonly state: 'committed' | 'changed' | 'uncommitted' | 'unknown';
  /** The last commit that changed the file. Names and times are what the commit says; nobody checked them. */
  readonly lastChange: LastChange | undefined;
}

export interface LastChange {
  readonly commit: string;
  readonly author: string;
  readonly email: string;
  /** ISO 8601. */
  readonly at: string;
}

const maxFileBytes = 16 * 1024 * 1024;

export interface ProvenanceOptions extends GitOptions {
  /** Whether a content is the one that is asked about: the file may have been changed since that was read. */
  readonly isOf?: (content: Buffer) => boolean;
}

/** Finds out a file's content hash, its last author and whether it was changed since. Runs nothing of the repository's. */
export async function findProvenance(
  file: string,
  { isOf = () => true, ...options }: ProvenanceOptions,
): Promise<Provenance> {
  const real = await realPathOf(file);
  const content = await contentOf(real, isOf);
  const hash = content === undefined ? undefined : createHash('sha256').update(content).digest('hex');
  const unknown = { file, hash, state: 'unknown', lastChange: undefined } as const;
  if (real === undefined || content === undefined) return unknown;
  const [tree, log] = await Promise.all([
    askGit(real, ['ls-tree', '-z', 'HEAD'], options),
    askGit(
      real,
      ['log', '-1', '--no-show-signature', '--no-follow', '--format=%H%x00%an%x00%ae%x00%aI'],
      options,
    ),
  ]);
  if (tree === undefined) {
    // There may be no commit yet, which is an answer as well.
    const commits = await askGit(real, ['rev-list', '--all', '--max-count=1'], options);
    return commits === '' ? { ...unknown, state: 'uncommitted' } : unknown;
  }
  const committed = /^\d+ blob ([0-9a-f]+)\t/.exec(tree)?.[1];
  if (committed === undefined) return { ...unknown, state: 'uncommitted' };
  const state = isBlob(content, committed) ? 'committed' : 'changed';
  return { file, hash, state, lastChange: parseLastChange(log ?? '') };
}

/** Whether a content has a SHA-256. */
export function isContent(hash: string): (content: Buffer) => boolean {
  return (content) => createHash('sha256').update(content).digest('hex') === hash;
}

function parseLastChange(line: string): LastChange | undefined {
  const [commit, author, email, at] = line.trim().split('\0');
  if (commit === undefined || author === undefined || email === undefined || at === undefined)
    return undefined;
  return { commit, author, email, at };
}

/**
 * Compared here and not by `git status`: that runs the filters that the repository configures for the file.
 * Git for Windows writes lines ends of its own, which are no change.
 */
function isBlob(content: Buffer, id: string): boolean {
  if (blobId(content, id.length) === id) return true;
  return blobId(Buffer.from(content.toString('latin1').replaceAll('\r\n', '\n'), 'latin1'), id.length) === id;
}

/** The id that git gives a content; its length tells the repository's kind of hash. */
function blobId(content: Buffer, length: number): string {
  return createHash(length === 64 ? 'sha256' : 'sha1')
    .update(`blob ${content.length}\0`)
    .update(content)
    .digest('hex');
}

async function realPathOf(file: string): Promise<string | undefined> {
  try {
    return await realpath(file);
  } catch {
    return undefined;
  }
}

async function contentOf(
  file: string | undefined,
  isOf: (content: Buffer) => boolean,
): Promise<Buffer | undefined> {
  if (file === undefined) return undefined;
  try {
    const { size } = await stat(file);
    const content = size > maxFileBytes ? undefined : await readFile(file);
    return content !== undefined && isOf(content) ? content : undefined;
  } catch {
    return undefined;
  }
}
