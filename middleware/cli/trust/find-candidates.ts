import { isSameSubject } from '../../features/trust/trust-record.ts';
import type { Environment } from '../../platform/config/environment.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';
import { hooksHere } from '../hooks/hooks-here.ts';
import type { Candidate } from './candidate.ts';
import { commandCandidates } from './command-candidates.ts';
import { hookCandidates } from './hook-candidates.ts';
import { scriptHookCandidates } from './script-hook-candidates.ts';
import { serverCandidates } from './server-candidates.ts';

/** Everything in a project that runs only where it is trusted, each once, whatever was decided about it. */
export async function findCandidates(
  snapshot: ProjectSnapshot,
  env: Environment,
): Promise<readonly Candidate[]> {
  const { entries, scripts } = await hooksHere(snapshot, env);
  const all = [
    ...hookCandidates(entries, snapshot.workspace),
    ...scriptHookCandidates(scripts, snapshot.workspace),
    ...(await commandCandidates(snapshot)),
    ...serverCandidates(snapshot),
  ];
  return all.filter(
    ({ subject }, index) => all.findIndex((other) => isSameSubject(other.subject, subject)) === index,
  );
}
