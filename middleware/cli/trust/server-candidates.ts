import { maskSecrets } from '../../platform/config/scopes/mask-secrets.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';
import { holdsTexts, textsIn } from '../../features/trust/holds-texts.ts';
import { serverAsWritten } from '../../features/trust/server-as-written.ts';
import { serverDecision } from '../../features/trust/server-decision.ts';
import { subjectOfServer } from '../../features/trust/subject-of-server.ts';
import type { Candidate } from './candidate.ts';

/** The MCP servers of a project's `.mcp.json` that no setting has decided about. */
export function serverCandidates(snapshot: ProjectSnapshot): readonly Candidate[] {
  const { mcpServers, settings } = snapshot;
  return [...mcpServers].flatMap(([name, server]) => {
    const subject = subjectOfServer(name, server, snapshot);
    if (subject === undefined || serverDecision(name, settings) !== undefined) return [];
    const runs = JSON.stringify(maskSecrets('', serverAsWritten(server, settings)), null, 2);
    return [
      {
        subject,
        what: `the MCP server ${name}`,
        runs,
        file: server.source.file,
        isOf: holdsTexts(textsIn(server.written)),
        permissions: [],
      },
    ];
  });
}
