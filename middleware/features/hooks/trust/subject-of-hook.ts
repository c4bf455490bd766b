import { relative } from 'node:path';
import type { HookEntry } from '../config/hook-entry.ts';
import { hookHash, namedFiles } from './hook-hash.ts';
import { readProjectFile } from '../config/read-project-file.ts';
import { needsTrust } from '../../trust/needs-trust.ts';
import { hookSubject } from '../../trust/subjects.ts';
import type { CheckedSubject } from './checked-subject.ts';

/**
 * What has to be trusted before a hook of a settings file runs; `undefined` where nobody has to be asked. Reads the
 * files that the hook's command names.
 */
export async function subjectOfHook(entry: HookEntry, project: string): Promise<CheckedSubject | undefined> {
  if (!needsTrust(entry.source)) return undefined;
  const read = await Promise.all(
    namedFiles(entry, project).map(async (path) => [path, await readProjectFile(path)] as const),
  );
  const files = new Map(read.flatMap(([path, file]) => (file === undefined ? [] : [[path, file] as const])));
  const { event, matcher, condition, source } = entry;
  const place = [event, matcher, condition, relative(project, source.file)];
  const hash = hookHash(entry, project, (path) => files.get(path)?.content);
  return { subject: hookSubject(project, hash, place), files };
}
