import type { McpPlace } from '../access/server-access.ts';
import { splitName, type Named, type PrefixMode } from './gateway-names.ts';

/** Which server something is of, and what it is called there. */
export interface FoundName {
  readonly server: string;
  readonly name: string;
}

/**
 * What a client means by a name. One with its server before it is understood in every mode; with `always`, nobody need be
 * asked for the others.
 */
export async function findNamed(
  name: string,
  { project }: McpPlace,
  prefix: PrefixMode,
  all: () => Promise<readonly Named<{ readonly name: string }>[]>,
): Promise<FoundName | undefined> {
  const split = splitName(name, project.mcpServers.keys());
  if (prefix === 'always' && split !== undefined) return split;
  const found = (await all()).find((one) => one.name === name);
  return found === undefined ? split : { server: found.server, name: found.item.name };
}
