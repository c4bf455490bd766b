import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { HookParts } from '../../features/hooks/hook-parts.ts';
import type { HookEnd } from '../../features/hooks/parse-output.ts';
import { failedEnd } from '../../features/hooks/within-time.ts';
import { families, familyFolders } from '../../platform/config/scopes/family-folders.ts';
import { runBounded } from '../../platform/process/run-bounded.ts';
import type { Sandbox } from '../../platform/process/sandbox.ts';
import { declaredPolicy } from './declared-policy.ts';

interface CommandPlace {
  readonly workspace: string;
  /** Variables that a sandboxed hook gets besides those that it declares. */
  readonly ownVariables: ReadonlySet<string>;
  readonly onTimeout: () => void;
}

/**
 * Runs the commands of hooks. One with permissions, be they none, runs in the sandbox with what they name; one without them is
 * the user's own and runs as it is.
 */
export function createCommandRunner(
  sandbox: Sandbox,
  { workspace, ownVariables, onTimeout }: CommandPlace,
): HookParts['runCommand'] {
  return async (command): Promise<HookEnd> => {
    const { permissions, file, args, env } = command;
    const wrapped =
      permissions === undefined
        ? ({ kind: 'ready', file, args, env } as const)
        : await sandbox.wrap(
            { file, args, env: chosen(env, ownVariables) },
            declaredPolicy(workspace, permissions, scriptFoldersOf(workspace)),
          );
    if (wrapped.kind === 'refused') return failedEnd('not-started', wrapped.reason);
    const end = await runBounded({ ...command, file: wrapped.file, args: wrapped.args, env: wrapped.env });
    if (end.ending === 'timed-out') onTimeout();
    return end;
  };
}

function chosen(
  env: Readonly<Record<string, string | undefined>>,
  names: ReadonlySet<string>,
): Readonly<Record<string, string>> {
  const entries = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries.filter(([name]) => names.has(name)));
}

/** A hook that may not see the project sees its script all the same. */
function scriptFoldersOf(workspace: string): readonly string[] {
  const folders = familyFolders(workspace);
  return families.map((family) => join(folders[family], 'hooks')).filter((folder) => existsSync(folder));
}
