import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';
import type { Environment } from '../../platform/config/environment.ts';
import { readProjectFile } from '../../features/hooks/read-project-file.ts';
import { subjectOfScriptHook } from '../../pipeline/trust/subject-of-script-hook.ts';
import { listScriptHooks } from '../hooks/list-script-hooks.ts';
import type { Candidate } from './candidate.ts';

/** The scripts of a project that see every prompt or answer. */
export async function scriptHookCandidates(
  snapshot: ProjectSnapshot,
  env: Environment,
): Promise<readonly Candidate[]> {
  const scripts = await listScriptHooks(snapshot, env);
  return scripts.flatMap((script) => {
    const content = readProjectFile(script.path);
    if (content === undefined) return [];
    // What is shown and what is hashed are the same bytes.
    const subject = subjectOfScriptHook(script, content, snapshot.workspace);
    if (subject === undefined) return [];
    const { name, path } = script;
    return [
      { subject, what: `the script ${name}`, runs: content.toString('utf8'), file: path, permissions: [] },
    ];
  });
}
