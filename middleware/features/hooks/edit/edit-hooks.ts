import { lstatSync } from 'node:fs';
import type { HookEntry } from '../config/hook-entry.ts';
import type { ConfigSource } from '../../../kernel/config-source.ts';
import type { Environment } from '../../../platform/config/environment.ts';
import type { ProjectSnapshot } from '../../../platform/config/scopes/project-snapshot.ts';
import { UserError } from '../../../kernel/user-error.ts';
import { visibleLine } from '../../../kernel/visible-text.ts';
import { readTextFile } from '../../../platform/store/read-text-file.ts';
import { removeFile, writeTextFile } from '../../../platform/store/write-files.ts';
import { settingsFileOf, type WritableScope } from './settings-file.ts';
import { withHook, type NewHook } from './with-hook.ts';
import { withoutHook } from './without-hook.ts';

interface WriteOptions {
  readonly scope: WritableScope;
  readonly project: Pick<ProjectSnapshot, 'workspace' | 'home'>;
  readonly env: Environment;
}

/**
 * Writes a hook into the settings file of a scope, unless it is there. Throws a UserError for a file that is to be
 * mended first.
 */
export function writeHook(
  hook: NewHook,
  { scope, project, env }: WriteOptions,
): { readonly file: string; readonly isNew: boolean } {
  const file = settingsFileOf(scope, project, env);
  const source: ConfigSource = { scope, family: 'claude', file, baseDir: project.workspace };
  const text = withHook(readTextFile(file) ?? '', hook, source);
  if (text !== undefined) writeTextFile(file, text);
  return { file, isNew: text !== undefined };
}

/**
 * Takes a hook out of its settings file, and the file away where nothing else was in it. Throws a UserError where
 * that is not ours to change, or was changed meanwhile.
 */
export function removeHook(hook: HookEntry): void {
  const { file, scope } = hook.source;
  if (scope === 'enterprise') throw new UserError(`${visibleLine(file, 300)} is the administrator's`);
  const text = withoutHook(readTextFile(file) ?? '', hook);
  if (text === undefined) throw new UserError(`${visibleLine(file, 300)} does not have this hook any more`);
  // A link is somebody's arrangement: what it leads to is emptied, and the link stays.
  const isEmpty = text.replace('\ufeff', '').trim() === '{}';
  if (isEmpty && lstatSync(file).isFile()) removeFile(file);
  else writeTextFile(file, text);
}
