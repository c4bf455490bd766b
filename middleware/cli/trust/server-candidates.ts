import { isJsonObject, listIn, type JsonObject } from '../../kernel/json-object.ts';
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
    const entry = maskSecrets('', serverAsWritten(server, settings)) as JsonObject;
    return [
      {
        subject,
        what: `the MCP server ${name}`,
        runs: JSON.stringify(entry, null, 2),
        brief: briefOf(entry),
        file: server.source.file,
        isOf: holdsTexts(textsIn(server.written)),
        permissions: [],
      },
    ];
  });
}

/** As a shell line: the program with its arguments, which `env` may turn into another; or the address. */
function briefOf({ command, args, env, url, headersHelper }: JsonObject): string {
  if (typeof url === 'string')
    return typeof headersHelper === 'string' ? `${url}, with ${headersHelper}` : url;
  const variables = isJsonObject(env) ? Object.entries(env) : [];
  const words = listIn(args);
  return [...variables.map(([name, value]) => `${name}=${String(value)}`), command, ...words]
    .map(String)
    .join(' ');
}
