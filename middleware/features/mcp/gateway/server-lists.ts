import type { Connection } from '../connection.ts';
import type { Abilities } from '../client/abilities.ts';
import type { McpPlace, McpServers } from '../mcp-servers.ts';
import type { Offered } from './gateway-names.ts';

type ListKind = 'tools' | 'prompts' | 'resources' | 'templates';

/** What one list of a server has in it. */
export type Item<Kind extends ListKind> = Awaited<ReturnType<Connection[Kind]>>[number];

export interface ServerListsOptions {
  readonly servers: Pick<McpServers, 'use' | 'usable'>;
  /** How long a list waits for a server that starts; what comes later is told as a change. */
  readonly waitMs: number;
}

/** For whom servers are asked. */
export interface ListsFor {
  readonly place: McpPlace;
  readonly abilities: Abilities;
  /** Hears that a server that was waited for in vain has answered since. */
  readonly onLate: (kind: ListKind) => void;
}

/**
 * What all servers of a place offer, in the order in which they are configured. One that fails or starts slowly is left out:
 * the others do not wait for it.
 */
export async function serverLists<Kind extends ListKind>(
  kind: Kind,
  { place, abilities, onLate }: ListsFor,
  { servers, waitMs }: ServerListsOptions,
): Promise<readonly Offered<Item<Kind>>[]> {
  const lists = (await servers.usable(place)).map((server) => {
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
  const waited = wait(waitMs);
  const offered = await Promise.all(
    lists.map(async ({ server, list }) => {
      const items = await Promise.race([list.catch(() => []), waited.over]);
      if (items === undefined) tellLate(list, kind, onLate);
      return { server, items: items ?? [] };
    }),
  );
  waited.stop();
  return offered;
}

function tellLate(list: Promise<readonly unknown[]>, kind: ListKind, onLate: ListsFor['onLate']): void {
  list.then(
    ({ length }) => {
      if (length > 0) onLate(kind);
    },
    // The log has it.
    () => undefined,
  );
}

function wait(ms: number): { readonly over: Promise<undefined>; readonly stop: () => void } {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => {
    resolve(undefined);
  }, ms);
  return {
    over: promise,
    stop: () => {
      clearTimeout(timer);
    },
  };
}
