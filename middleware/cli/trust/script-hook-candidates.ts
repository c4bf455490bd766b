import { readProjectFile } from '../../features/hooks/config/read-project-file.ts';
import type { ScriptHook } from '../../features/hooks/scripts/script-hooks.ts';
import { subjectOfScriptHook } from '../../features/hooks/trust/subject-of-script-hook.ts';
import type { Candidate } from './candidate.ts';

/** Those of the scripts for every prompt or answer that are a project's. */
export async function scriptHookCandidates(
  scripts: readonly ScriptHook[],
  project: string,
): Promise<readonly Candidate[]> {
  const found = scripts.map(async (script) => {
    const { content } = (await readProjectFile(script.path)) ?? {};
    if (content === undefined) return [];
    // What is shown and what is hashed are the same bytes.
    const subject = subjectOfScriptHook(script, content, project);
    if (subject === undefined) return [];
    const { name, path } = script;
    return [
      {
        subject,
        what: `the script ${name}`,
        runs: content.toString('utf8'),
        file: path,
        isOf: (bytes: Buffer) => bytes.equals(content),
        permissions: [],
      },
    ];
  });
  return (await Promise.all(found)).flat();
}
