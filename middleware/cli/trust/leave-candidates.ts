import { leavesOfProject, whatLeaveIs } from '../../features/trust/project-grants.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';
import { holdsTexts } from '../../features/trust/holds-texts.ts';
import type { Candidate } from './candidate.ts';

/** What the settings files of a project let tool calls do without a question. */
export function leaveCandidates(snapshot: ProjectSnapshot): readonly Candidate[] {
  return leavesOfProject(snapshot.settings.rules, snapshot).map(({ subject, file, lines, texts }) => ({
    ...{ subject, file, what: whatLeaveIs, runs: lines.join('\n'), permissions: [] },
    isOf: holdsTexts(texts),
  }));
}
