import type { McpPlace } from '../access/server-access.ts';
import { splitName, type FoundName, type Named, type PrefixMode } from './gateway-names.ts';

/** What things are called: as the client was told, as their servers listed them last, and as they do when they are asked. */
export interface NamesOf {
  /** What the client was told that the name is. */
  readonly told: FoundName | undefined;
  readonly before: () => Promise<readonly Named<{ readonly name: string }>[]>;
  readonly now: () => Promise<readonly Named<{ readonly name: string }>[]>;
}

/**
 * What a client means by a name. One with its server before it is understood in every mode; with `always`, nobody need be
 * asked for the others. With the other ones a name stays that of the server that it was listed for, also while
 * that server fails, and servers are asked only for a name that none of them had.
 */
export async function findNamed(
  name: string,
  { project }: McpPlace,
  prefix: PrefixMode,
  { told, before, now }: NamesOf,
): Promise<FoundName | undefined> {
  const split = splitName(name, project.mcpServers.keys());
  if (prefix === 'always' && split !== undefined) return split;
  if (told !== undefined) return told;
  const named = (one: { readonly name: string }): boolean => one.name === name;
  const seen = (await before()).find(named);
  const found = seen ?? (split === undefined ? (await now()).find(named) : undefined);
  return found === undefined ? split : { server: found.server, name: found.item.name };
}
