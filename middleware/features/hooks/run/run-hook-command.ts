import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { HookCommand, HookEffects } from '../hook-effects.ts';
import type { HookEnd } from '../answer/parse-output.ts';
import { failedEnd } from '../answer/within-time.ts';
import { argumentsWithCopies } from '../../../platform/shell/with-copies.ts';
import { families, familyFolders } from '../../../platform/config/scopes/folders/family-folders.ts';
import { runBounded, type StartFast } from '../../../platform/process/run-bounded.ts';
import type { FolderView, SandboxPolicy } from '../../../platform/process/sandbox/sandbox-policy.ts';
import type { Sandbox, WrappedCommand } from '../../../platform/process/sandbox/sandbox.ts';
import { declaredPolicy } from './declared-policy.ts';
import { copyScripts } from './script-copies.ts';

interface CommandPlace {
  readonly workspace: string;
  /** Variables that a sandboxed hook gets besides those that it declares. */
  readonly ownVariables: ReadonlySet<string>;
  /** Where the scripts of sandboxed hooks are copied to while they run; a folder of ours alone. */
  readonly copiesDir: string;
}

/** The command to start, or why nothing may be started. */
export type WrappedHookCommand =
  | ({ readonly kind: 'ready' } & Pick<HookCommand, 'file' | 'args' | 'env'> & {
        readonly undo: () => Promise<string | undefined>;
        readonly takeNote: () => string | undefined;
      })
  | { readonly kind: 'refused'; readonly reason: string };

/** Runs the commands of hooks with real processes. */
export function createCommandRunner(
  sandbox: Sandbox,
  place: CommandPlace & {
    readonly onTimeout: () => void;
    readonly startFast?: StartFast | undefined;
    /** What the user has to know of what is run. */
    readonly onNote: (note: string) => void;
  },
): HookEffects['runCommand'] {
  return async (command): Promise<HookEnd> => {
    const wrapped = await wrapCommand(command, sandbox, place);
    if (wrapped.kind === 'refused') return failedEnd('not-started', wrapped.reason);
    const { file, args, env, undo, takeNote } = wrapped;
    const note = takeNote();
    if (note !== undefined) place.onNote(note);
    const end = await runBounded({ ...command, file, args, env, startFast: place.startFast });
    const undone = await undo();
    if (end.ending === 'timed-out') place.onTimeout();
    // As if it had refused: what it answered counts no more, and the user is told why.
    return undone === undefined ? end : { ...end, ending: 'exited', exitCode: 2, stdout: '', stderr: undone };
  };
}

/**
 * A command with permissions, be they none, goes into the sandbox with what they name; one without them is the user's own and
 * stays as it is.
 */
export async function wrapCommand(
  { permissions, checked, file, args, env }: CheckedCommand,
  sandbox: Sandbox,
  { workspace, ownVariables, copiesDir }: CommandPlace,
): Promise<WrappedHookCommand> {
  if (permissions === undefined)
    return {
      kind: 'ready',
      file,
      args,
      env,
      undo: () => Promise.resolve(undefined),
      takeNote: () => undefined,
    };
  const readable = await scriptFoldersOf(workspace);
  const wrap = (words: readonly string[], more: Partial<SandboxPolicy>): Promise<WrappedCommand> =>
    sandbox.wrap(
      { file: words[0] ?? file, args: words.slice(1), env: chosen(env, ownVariables) },
      { ...declaredPolicy(workspace, permissions, readable), ...more },
    );
  // On Windows links are for administrators: there the files themselves run.
  if (checked === undefined || checked.size === 0 || process.platform === 'win32')
    return wrap([file, ...args], {});
  const copies = await copyScripts(checked, { workspace, copiesDir });
  const { folder, copyOf, makeLinks, remove } = copies;
  try {
    const words = argumentsWithCopies([file, ...args], { folder: workspace, copyOf });
    const isSeen = (await sandbox.status()).kind === 'bubblewrap' && fitsArguments(copies);
    if (!isSeen) await makeLinks();
    const wrapped = await wrap(words, isSeen ? { view: copies } : { readable: [...readable, folder] });
    if (wrapped.kind === 'ready') return { ...wrapped, undo: () => wrapped.undo().finally(remove) };
    await remove();
    return wrapped;
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Bubblewrap takes 9,000 arguments, three for each file and link, and Linux 2 MiB of them. */
function fitsArguments({ files, links }: FolderView): boolean {
  const given = [...files, ...files, ...[...links].flat()];
  const bytes = given.reduce((sum, path) => sum + Buffer.byteLength(path), 0);
  return files.length + links.size <= 2_000 && bytes <= 500_000;
}

type CheckedCommand = Pick<HookCommand, 'permissions' | 'checked' | 'file' | 'args' | 'env'>;

function chosen(
  env: Readonly<Record<string, string | undefined>>,
  names: ReadonlySet<string>,
): Readonly<Record<string, string>> {
  const entries = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries.filter(([name]) => names.has(name)));
}

/** A hook that may not see the project sees its script all the same. */
async function scriptFoldersOf(workspace: string): Promise<readonly string[]> {
  const folders = familyFolders(workspace);
  const found = families.map(async (family) => {
    const folder = join(folders[family], 'hooks');
    return (await isThere(folder)) ? [folder] : [];
  });
  return (await Promise.all(found)).flat();
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
