import { needsTrust } from '../../trust/needs-trust.ts';
import type { McpPlace } from '../access/server-access.ts';
import type { PinPlace } from './tool-pins.ts';

/** Whose definitions a server's are: those of servers of the user are the same in all projects. */
export function pinPlaceOf(server: string, { workspace, mcpServers }: McpPlace['project']): PinPlace {
  const source = mcpServers.get(server)?.source;
  const isOfProject = source !== undefined && needsTrust(source);
  return { server, workspace, project: isOfProject ? workspace : undefined };
}
