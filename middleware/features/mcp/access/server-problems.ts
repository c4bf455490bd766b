import { basename } from 'node:path';
import type { ConfigProblem } from '../../../platform/config/scopes/files/config-problem.ts';
import type { ProjectSnapshot } from '../../../platform/config/scopes/project-snapshot.ts';

const serverFiles: ReadonlySet<string> = new Set([
  '.mcp.json',
  'mcp.json',
  'managed-mcp.json',
  '.claude.json',
]);

/** What is broken in the files that name MCP servers: servers are missing for it. */
export function serverProblems({ problems }: Pick<ProjectSnapshot, 'problems'>): readonly ConfigProblem[] {
  return problems.filter(({ file }) => serverFiles.has(basename(file)));
}
