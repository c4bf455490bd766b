import { setTimeout as sleep } from 'node:timers/promises';
import type { McpPlace } from '../access/server-access.ts';
import type { ListName } from '../connection.ts';
import { fromResource, listHint } from '../contents/no-resource.ts';
import type { McpServers } from '../mcp-servers.ts';
import type { GatewayClient } from './forward-request.ts';
import { findResource, type FoundResource, type GatewayContentsOptions } from './gateway-contents.ts';

/** What clients hear of servers without having asked. */
export interface GatewayListener {
  readonly onChanged: (what: ListName) => void;
  readonly onUpdated: (resource: FoundResource) => void;
}

/** Hears all servers of a place but those that rules keep from the client altogether; returns how to stop. */
export function hearServers(
  { place, abilities, guard }: Pick<GatewayClient, 'place' | 'abilities' | 'guard'>,
  { onChanged, onUpdated }: GatewayListener,
  servers: Pick<McpServers, 'listen'>,
): () => void {
  const names = [...place.project.mcpServers.keys()].filter((server) => !guard.isDenied(server, ''));
  const stops = names.map((server) =>
    servers.listen(server, { ...place, abilities }, (event) => {
      if (event.kind === 'changed') onChanged(event.what);
      else onUpdated({ server, uri: event.uri });
    }),
  );
  return () => {
    for (const stop of stops) stop();
  };
}

/** A server that ended, or failed, is asked again after so long. */
const againMs = 30_000;

interface WatchOptions extends GatewayContentsOptions {
  readonly servers: Pick<McpServers, 'use' | 'usable' | 'current' | 'heed'>;
}

/**
 * Has a server tell of changes of a resource until the signal is aborted, also after the server was started again. Resolves
 * once it does, with the server and the address there, and with `undefined` where no server has the resource; rejects where the
 * server refuses at first.
 */
export async function watchResource(
  asked: string,
  { client, signal }: { readonly client: GatewayClient; readonly signal: AbortSignal },
  options: WatchOptions,
): Promise<FoundResource | undefined> {
  const found = await findResource(asked, client, options);
  if (found === undefined) return undefined;
  const { server, uri } = found;
  const begun = Promise.withResolvers<undefined>();
  const watch = (): Promise<void> =>
    whileUsable(server, client, options, (usable, place) =>
      options.servers.use(
        {
          ...{ server, signal: AbortSignal.any([signal, usable]), abilities: client.abilities },
          what: `resource "${uri}"`,
          work: (connection, until) =>
            fromResource(
              connection.watchResource(uri, until, () => {
                begun.resolve(undefined);
              }),
              { server, uri, hint: listHint },
            ),
        },
        place,
      ),
    );
  const first = watch();
  // Whoever asked hears of what went wrong where it never began; the log has it in any case.
  first.catch((error: unknown) => {
    begun.reject(error);
  });
  await begun.promise;
  void keepWatching(first, watch, signal);
  return found;
}

/** A server that may not be used any more has no reason to go on running; one that may be again is asked again. */
async function whileUsable(
  server: string,
  { place: first }: Pick<GatewayClient, 'place'>,
  { servers }: Pick<WatchOptions, 'servers'>,
  work: (usable: AbortSignal, place: McpPlace) => Promise<void>,
): Promise<void> {
  const over = new AbortController();
  // What was configured when the client asked may be long gone.
  const placeNow = (): McpPlace => ({ ...first, project: servers.current(first.project) });
  const place = placeNow();
  const look = async (): Promise<void> => {
    if (!(await servers.usable(placeNow())).includes(server)) over.abort();
  };
  const stop = servers.heed(server, place, () => {
    over.abort();
  });
  // Where that cannot be found out, it goes on.
  const looking = setInterval(() => void look().catch(() => undefined), againMs).unref();
  try {
    await work(over.signal, place);
  } finally {
    clearInterval(looking);
    stop();
  }
}

async function keepWatching(
  first: Promise<void>,
  watch: () => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const over = (): undefined => undefined;
  await first.catch(over);
  while (!signal.aborted) {
    await sleep(againMs, undefined, { signal, ref: false }).then(watch).catch(over);
  }
}
