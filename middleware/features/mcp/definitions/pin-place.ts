import { remembered } from '../../../kernel/bounds/remembered.ts';
import { needsTrust } from '../../trust/needs-trust.ts';
import type { McpPlace } from '../access/server-access.ts';
import type { PinPlace } from './tool-pins.ts';

/**
 * Whose definitions a server's are: those of servers of the user are the same in all projects. The same object each time, as what
 * is known of a place is kept by it.
 */
export function pinPlaceOf(server: string, project: McpPlace['project']): PinPlace {
  const known = placesIn(project);
  const place = known.get(server) ?? placeOf(server, project);
  known.set(server, place);
  return place;
}

const placesIn = remembered((_: McpPlace['project']) => new Map<string, PinPlace>());

function placeOf(server: string, { workspace, mcpServers }: McpPlace['project']): PinPlace {
  const source = mcpServers.get(server)?.source;
  const isOfProject = source !== undefined && needsTrust(source);
  return { server, workspace, project: isOfProject ? workspace : undefined };
}
