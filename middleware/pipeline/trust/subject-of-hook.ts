import { relative } from 'node:path';
import type { HookEntry } from '../../features/hooks/hook-entry.ts';
import { hookHash } from '../../features/hooks/hook-hash.ts';
import { readProjectFile } from '../../features/hooks/read-project-file.ts';
import { needsTrust } from '../../features/trust/needs-trust.ts';
import { hookSubject } from '../../features/trust/subjects.ts';
import type { TrustSubject } from '../../features/trust/trust-record.ts';

/**
 * What has to be trusted before a hook of a settings file runs; `undefined` where nobody has to be asked. Reads the files that
 * the hook's command names.
 */
export function subjectOfHook(entry: HookEntry, project: string): TrustSubject | undefined {
  if (!needsTrust(entry.source)) return undefined;
  const { event, matcher, condition, source } = entry;
  const place = [event, matcher, condition, relative(project, source.file)];
  return hookSubject(project, hookHash(entry, project, readProjectFile), place);
}
