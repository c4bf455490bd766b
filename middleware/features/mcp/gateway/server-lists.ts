import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '../connection.ts';
import type { ListName } from '../connection.ts';
import type { McpServers } from '../mcp-servers.ts';
import type { GatewayClient } from './forward-request.ts';
import type { Offered } from './gateway-names.ts';

type ListKind = 'tools' | 'prompts' | 'resources' | 'templates';

/** What one list of a server has in it. */
export type Item<Kind extends ListKind> = Awaited<ReturnType<Connection[Kind]>>[number];

export interface ServerListsOptions {
  readonly servers: Pick<McpServers, 'use' | 'usable'>;
  /** How long a list waits for a server that starts; what comes later is told as a change. */
  readonly waitMs: number;
}

/**
 * What all servers of a place offer, in the order in which they are configured. One that fails or starts slowly is left out:
 * the others do not wait for it.
 */
export async function serverLists<Kind extends ListKind>(
  kind: Kind,
  { place, abilities, guard, onLate }: Pick<GatewayClient, 'place' | 'abilities' | 'guard' | 'onLate'>,
  { servers, waitMs }: ServerListsOptions,
): Promise<readonly Offered<Item<Kind>>[]> {
  // What rules keep from the client altogether need not run for it.
  const names = (await servers.usable(place)).filter((server) => !guard.isDenied(server, ''));
  const lists = names.map((server) => {
    const list = servers.use(
      {
        ...{ server, abilities },
        what: `the list of its ${kind}`,
        // Not that of a request: whoever comes next can use the answer.
        signal: new AbortController().signal,
        work: (connection, signal) => connection[kind](signal) as Promise<readonly Item<Kind>[]>,
      },
      place,
    );
    return { server, list };
  });
  const done = new AbortController();
  const over = sleep(waitMs, undefined, { signal: done.signal }).catch(() => undefined);
  const offered = await Promise.all(
    lists.map(async ({ server, list }) => {
      const items = await Promise.race([list.catch(() => []), over]);
      if (items === undefined) tellLate(list, kind, onLate);
      return { server, items: items ?? [] };
    }),
  );
  done.abort();
  return offered;
}

function tellLate(list: Promise<readonly unknown[]>, kind: ListKind, onLate: (what: ListName) => void): void {
  list.then(
    ({ length }) => {
      if (length > 0) onLate(kind === 'templates' ? 'resources' : kind);
    },
    // The log has it.
    () => undefined,
  );
}
