import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '../connection.ts';
import type { ListName } from '../connection.ts';
import type { McpServers } from '../mcp-servers.ts';
import type { GatewayClient } from './forward-request.ts';
import type { Offered } from './gateway-names.ts';
import type { KnownLists } from './known-lists.ts';

type ListKind = 'tools' | 'prompts' | 'resources' | 'templates';

/** What one list of a server has in it. */
export type Item<Kind extends ListKind> = Awaited<ReturnType<Connection[Kind]>>[number];

export interface ServerListsOptions {
  readonly servers: Pick<McpServers, 'use' | 'usable'>;
  /** How long a list waits for a server that starts; what comes later is told as a change. */
  readonly waitMs: number;
  readonly known: KnownLists;
}

type ListClient = Pick<GatewayClient, 'place' | 'abilities' | 'guard' | 'onLate'>;

/**
 * What all servers of a place offer, in the order in which they are configured. The others do not wait for one that fails or
 * starts slowly: it keeps what it listed before, so that none of that becomes another server's.
 */
export async function serverLists<Kind extends ListKind>(
  kind: Kind,
  client: ListClient,
  options: ServerListsOptions,
): Promise<readonly Offered<Item<Kind>>[]> {
  const { place, abilities, onLate } = client;
  const { servers, waitMs, known } = options;
  const names = await namesFor(client, options);
  const lists = names.map((server) => {
    const list = servers.use(
      {
        ...{ server, abilities },
        what: `the list of its ${kind}`,
        // Not that of a request: whoever comes next can use the answer.
        signal: new AbortController().signal,
        work: async (connection, signal) => {
          const items = (await connection[kind](signal)) as readonly Item<Kind>[];
          known.set(place.project, keyOf(kind, server, client), items);
          return items;
        },
      },
      place,
    );
    return { server, list };
  });
  const done = new AbortController();
  const over = sleep(waitMs, undefined, { signal: done.signal }).catch(() => undefined);
  const offered = await Promise.all(
    lists.map(async ({ server, list }) => {
      const before = knownItems(kind, server, { client, known });
      const items = await Promise.race([list.catch(() => before ?? []), over]);
      if (items === undefined) tellLate(list, kind, onLate);
      return { server, items: items ?? before ?? [] };
    }),
  );
  done.abort();
  return offered;
}

/** What servers of a place listed before, without asking any. */
export async function listedBefore<Kind extends ListKind>(
  kind: Kind,
  client: ListClient,
  options: ServerListsOptions,
): Promise<readonly Offered<Item<Kind>>[]> {
  const names = await namesFor(client, options);
  return names.map((server) => ({
    server,
    items: knownItems(kind, server, { client, known: options.known }) ?? [],
  }));
}

/** What rules keep from the client altogether need not run for it. */
async function namesFor(
  { place, guard }: ListClient,
  { servers }: ServerListsOptions,
): Promise<readonly string[]> {
  return (await servers.usable(place)).filter((server) => !guard.isDenied(server, ''));
}

function knownItems<Kind extends ListKind>(
  kind: Kind,
  server: string,
  { client, known }: { readonly client: ListClient; readonly known: KnownLists },
): readonly Item<Kind>[] | undefined {
  const key = keyOf(kind, server, client);
  return known.get(client.place.project, key) as readonly Item<Kind>[] | undefined;
}

/** An older server may list other things to clients that can be asked something. */
function keyOf(kind: ListKind, server: string, { abilities }: ListClient): string {
  return JSON.stringify([kind, server, abilities]);
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
