import type { ConfigSource } from '../../kernel/config-source.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';
import type { CliContext } from '../context.ts';
import { readTextFile } from '../install/read-text-file.ts';
import { writeTextFile } from '../install/write-files.ts';
import { shortPath } from '../config/short-path.ts';
import { settingsFileOf, type WritableScope } from './settings-file.ts';
import { withHook, type NewHook } from './with-hook.ts';

/** Writes a hook into the settings file of a scope, and tells what is left to do. */
export function addHook(
  { env, stdout }: CliContext,
  hook: NewHook,
  { scope, project }: { readonly scope: WritableScope; readonly project: ProjectSnapshot },
): void {
  const file = settingsFileOf(scope, project, env);
  const source: ConfigSource = { scope, family: 'claude', file, baseDir: project.workspace };
  const text = withHook(readTextFile(file) ?? '', hook, source);
  const place = shortPath(file, project);
  if (text === undefined) {
    stdout.write(`${place} has this hook already\n`);
    return;
  }
  writeTextFile(file, text);
  stdout.write(`wrote ${place}\n`);
  // The user's own files are trusted; a file in a project could have come with it.
  if (scope !== 'user') stdout.write(`it runs once you allow it: codex-plus trust add ${place}\n`);
}
