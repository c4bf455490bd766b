import { scriptHash } from './hook-hash.ts';
import type { ScriptHook } from '../scripts/script-hooks.ts';
import { needsTrust } from '../../trust/needs-trust.ts';
import { hookSubject } from '../../trust/subjects.ts';
import type { TrustSubject } from '../../trust/trust-record.ts';

/** What has to be trusted before a `pre_input` or `post_output` script runs; `undefined` where nobody has to be asked. */
export function subjectOfScriptHook(
  { source, name }: Pick<ScriptHook, 'source' | 'name'>,
  content: Buffer,
  project: string,
): TrustSubject | undefined {
  return needsTrust(source) ? hookSubject(project, scriptHash(name, content), [name]) : undefined;
}
