import { randomBytes } from 'node:crypto';
import { rename } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { codeOf } from '../../kernel/errors.ts';
import { findGuarded, type GuardedPaths } from './find-guarded.ts';
import { isWithin } from './sandbox-mounts.ts';

/** A workspace before a command ran in it. */
export interface GuardedWorkspace {
  /** Without symbolic links. */
  readonly workspace: string;
  readonly before: GuardedPaths;
  /** What the command could not change. */
  readonly closed: ReadonlySet<string>;
  /** What the command may change. */
  readonly writable: readonly string[];
}

const maxNamed = 5;

/**
 * What a command made that would run later, outside the sandbox, after it ended: it is moved away, beside where it was, and
 * told as a sentence; `undefined` where there is nothing. No mount can forbid a name that is not there yet, not at any depth.
 */
export async function undoGuarded({
  workspace,
  before,
  closed,
  writable,
}: GuardedWorkspace): Promise<string | undefined> {
  const after = await findGuarded(workspace);
  const made = [...after.states]
    .filter(
      ([path, state]) => !closed.has(path) && before.states.get(path) !== state && !isNamed(path, writable),
    )
    .map(([path]) => path);
  // With a folder goes what is in it.
  const outermost = made.filter((path) => !made.some((other) => other !== path && isWithin(path, other)));
  const told = await Promise.all(outermost.map((path) => moveAway(path, workspace)));
  if (before.isWhole && !after.isWhole) told.push('so many folders that not all could be looked into');
  if (told.length === 0) return undefined;
  const more = told.length > maxNamed ? `, and ${told.length - maxNamed} more` : '';
  return `it made what would run later, outside the sandbox: ${told.slice(0, maxNamed).join('; ')}${more}`;
}

/** Whether the policy means this one, and not only a folder around it. */
function isNamed(path: string, writable: readonly string[]): boolean {
  return writable.some((place) => isWithin(place, path));
}

async function moveAway(path: string, workspace: string): Promise<string> {
  const shown = relative(workspace, path);
  const aside = join(dirname(path), `refused-${randomBytes(4).toString('hex')}${asSuffix(basename(path))}`);
  try {
    await rename(path, aside);
    return `${shown} (now ${relative(workspace, aside)})`;
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    return code === 'ENOENT'
      ? `${shown} (gone meanwhile)`
      : `${shown} (it could not be moved away, ${code}: remove it)`;
  }
}

function asSuffix(name: string): string {
  return name.startsWith('.') ? name : `.${name}`;
}
