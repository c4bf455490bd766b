import { scriptHash } from '../../features/hooks/hook-hash.ts';
import type { ScriptHook } from '../../features/hooks/script-hooks.ts';
import { needsTrust } from '../../features/trust/needs-trust.ts';
import { hookSubject } from '../../features/trust/subjects.ts';
import type { TrustSubject } from '../../features/trust/trust-record.ts';

/** What has to be trusted before a `pre_input` or `post_output` script runs; `undefined` where nobody has to be asked. */
export function subjectOfScriptHook(
  { source, name }: Pick<ScriptHook, 'source' | 'name'>,
  content: Buffer,
  project: string,
): TrustSubject | undefined {
  return needsTrust(source) ? hookSubject(project, scriptHash(name, content), [name]) : undefined;
}
