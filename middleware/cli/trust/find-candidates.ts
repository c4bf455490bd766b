import { isSameSubject } from '../../features/trust/trust-record.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';
import type { CliContext } from '../context.ts';
import { hooksHere } from './hooks-here.ts';
import { asksUndecided } from './asks-undecided.ts';
import type { Candidate } from './candidate.ts';
import { commandCandidates } from './command-candidates.ts';
import { hookCandidates } from './hook-candidates.ts';
import { leaveCandidates } from './leave-candidates.ts';
import { scriptHookCandidates } from './script-hook-candidates.ts';
import { serverCandidates } from './server-candidates.ts';

/** Everything in a project that runs only where it is trusted, each once, whatever was decided about it. */
export async function findCandidates(
  context: Pick<CliContext, 'rootDir' | 'env'>,
  snapshot: ProjectSnapshot,
): Promise<readonly Candidate[]> {
  const { entries, scripts } = await hooksHere(snapshot, context.env);
  const all = [
    ...(await hookCandidates(entries, snapshot.workspace)),
    ...(await scriptHookCandidates(scripts, snapshot.workspace)),
    ...(await commandCandidates(snapshot)),
    ...serverCandidates(snapshot),
    ...(asksUndecided(context, snapshot) ? leaveCandidates(snapshot) : []),
  ];
  return all.filter(
    ({ subject }, index) => all.findIndex((other) => isSameSubject(other.subject, subject)) === index,
  );
}
