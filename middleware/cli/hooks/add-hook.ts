import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';
import type { CliContext } from '../context.ts';
import { shortPath } from '../config/short-path.ts';
import { writeHook } from '../../features/hooks/edit/edit-hooks.ts';
import type { WritableScope } from '../../features/hooks/edit/settings-file.ts';
import type { NewHook } from '../../features/hooks/edit/with-hook.ts';

/** Writes a hook into the settings file of a scope, and tells what is left to do. */
export function addHook(
  { env, stdout }: CliContext,
  hook: NewHook,
  { scope, project }: { readonly scope: WritableScope; readonly project: ProjectSnapshot },
): void {
  const { file, isNew } = writeHook(hook, { scope, project, env });
  const place = shortPath(file, project);
  if (!isNew) {
    stdout.write(`${place} has this hook already\n`);
    return;
  }
  stdout.write(`wrote ${place}\n`);
  // The user's own files are trusted; a file in a project could have come with it.
  if (scope !== 'user') stdout.write(`it runs once you allow it: codex-plus trust add ${place}\n`);
}
