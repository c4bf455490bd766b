import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '../connection.ts';
import type { ListName } from '../connection.ts';
import type { McpServers } from '../mcp-servers.ts';
import type { GatewayClient } from './forward-request.ts';
import type { Offered } from './gateway-names.ts';
import type { KnownLists, ListOf } from './known-lists.ts';

export type ListKind = 'tools' | 'prompts' | 'resources' | 'templates';

/** What one list of a server has in it. */
export type Item<Kind extends ListKind> = Awaited<ReturnType<Connection[Kind]>>[number];

export interface ServerListsOptions {
  readonly servers: Pick<McpServers, 'use' | 'usable'>;
  /** How long a list waits for a server that starts; what comes later is told as a change. */
  readonly waitMs: number;
  readonly known: KnownLists;
}

const isLate = 'late' as const;

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
          known.set(listOf(kind, server, client), items);
          return items;
        },
      },
      place,
    );
    return { server, list };
  });
  const done = new AbortController();
  const late = sleep(waitMs, isLate, { signal: done.signal }).catch(() => isLate);
  const offered = await Promise.all(
    lists.map(async ({ server, list }) => {
      const before = knownItems(kind, server, { client, known });
      const items = await Promise.race([list.catch(() => before), late]);
      if (items === isLate) tellLate(list, kind, onLate);
      return offeredBy(server, items === isLate ? before : items);
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
  return names.map((server) => offeredBy(server, knownItems(kind, server, { client, known: options.known })));
}

function offeredBy<One>(server: string, items: readonly One[] | undefined): Offered<One> {
  return { server, items: items ?? [], isUnknown: items === undefined };
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
  return known.get(listOf(kind, server, client)) as readonly Item<Kind>[] | undefined;
}

function listOf(kind: ListKind, server: string, { place: { project }, abilities }: ListClient): ListOf {
  return { kind, server, project, abilities };
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
