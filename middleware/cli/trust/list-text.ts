import { visibleLine } from '../../kernel/visible-text.ts';
import type { TrustRecord } from '../../features/trust/trust-record.ts';
import { shortPath, type Places } from '../config/short-path.ts';
import { table } from '../print.ts';
import type { Candidate } from './candidate.ts';

/** As much of a hash as people compare and type. */
export const shownHashLength = 12;

/** What was decided, and what waits in a project, for people. */
export function trustListText(
  records: readonly TrustRecord[],
  waiting: readonly Candidate[],
  places: Places,
): string {
  const decided = records.map(({ decision, kind, hash, project, at, by, provenance }) => [
    decision,
    kind,
    hash.slice(0, shownHashLength),
    shortPath(project, { workspace: project, home: places.home }),
    `${at.slice(0, 10)} by ${by === 'cli' ? 'command line' : by}`,
    visibleLine(provenance, 200),
  ]);
  const open = waiting.map(({ subject, what, runs, brief = runs, file }) => [
    subject.kind,
    subject.hash.slice(0, shownHashLength),
    visibleLine(what, 60),
    visibleLine(brief, 160),
    shortPath(file, places),
  ]);
  const lines = [
    'Decided',
    decided.length === 0 ? '  nothing' : table(decided).replace(/^/gm, '  '),
    '',
    `Waiting in ${visibleLine(places.workspace, 300)}`,
    open.length === 0 ? '  nothing' : table(open).replace(/^/gm, '  '),
  ];
  return (open.length === 0 ? lines : [...lines, '', 'Read and allow it with: codex-plus trust add']).join(
    '\n',
  );
}
