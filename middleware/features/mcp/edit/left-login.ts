import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import { expandAll } from '../../../platform/config/scopes/expand-variables.ts';
import type { ProjectSnapshot } from '../../../platform/config/scopes/project-snapshot.ts';
import { keyOf, type LoginPlace } from '../login/login-store.ts';
import type { Logins } from '../login/logins.ts';
import { endLogin, type EndedLogin } from '../login/server-logins.ts';
import { readServerEntry } from '../read-server-entry.ts';
import { writtenEntries } from './edit-servers.ts';
import type { EditedProject } from './server-place.ts';

export interface RemovedServer {
  readonly name: string;
  readonly entry: unknown;
}

/** The project that it counted for. */
export type RemovedFrom = EditedProject & { readonly project: Pick<ProjectSnapshot, 'mcpServers'> };

/** What became of the login at a server whose entry was removed; `undefined` where there was none. */
export type LeftLogin = { readonly kind: 'used' } | ({ readonly kind: 'ended' } & EndedLogin);

/**
 * Ends the login at a server that was removed, with the secret of its client, unless another entry uses it: one that counts for
 * the project, or is kept for another one in Claude Code's own file.
 */
export async function endLeftLogin(
  { name, entry }: RemovedServer,
  where: RemovedFrom,
  logins: Pick<Logins, 'remove' | 'stateOf'>,
): Promise<LeftLogin | undefined> {
  const place = loginOf(name, entry, where.env);
  if (place === undefined) return undefined;
  const given = [...where.project.mcpServers.values()].filter(({ source }) =>
    ['enterprise', 'cli'].includes(source.scope),
  );
  const others = [...writtenEntries(where), ...given.map(({ value }) => value)];
  const key = keyOf(place);
  const isUsed = others.some((other) => {
    const login = loginOf(name, other, where.env);
    return login !== undefined && keyOf(login) === key;
  });
  if (isUsed) return (await logins.stateOf(place)).isSignedIn ? { kind: 'used' } : undefined;
  const ended = await endLogin(place, (at) => logins.remove(at));
  return ended && { kind: 'ended', ...ended };
}

function loginOf(name: string, entry: unknown, env: EditedProject['env']): LoginPlace | undefined {
  if (!isJsonObject(entry)) return undefined;
  const reading = readServerEntry(expandAll(entry, env) as JsonObject);
  if (reading.kind === 'broken' || reading.definition.kind === 'stdio') return undefined;
  const { url, oauth } = reading.definition;
  return oauth === undefined ? undefined : { name, url, oauth };
}
