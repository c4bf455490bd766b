import { setTimeout as sleep } from 'node:timers/promises';
import type { Abilities } from '../client/abilities.ts';
import type { ListName } from '../connection.ts';
import type { McpPlace } from '../access/server-access.ts';
import type { McpServers } from '../mcp-servers.ts';
import type { GatewayClient } from './forward-request.ts';
import { findResource, type GatewayContentsOptions } from './gateway-contents.ts';
import { qualifiedUri } from './qualified-uri.ts';

/** What clients hear of servers without having asked. */
export interface GatewayListener {
  readonly onChanged: (what: ListName) => void;
  /** A resource may have two addresses; both are told. */
  readonly onUpdated: (uri: string) => void;
}

/** Hears all servers of a place; returns how to stop. */
export function hearServers(
  { project }: Pick<McpPlace, 'project'>,
  abilities: Abilities,
  { onChanged, onUpdated }: GatewayListener,
  servers: Pick<McpServers, 'listen'>,
): () => void {
  const stops = [...project.mcpServers.keys()].map((name) =>
    servers.listen(name, { project, abilities }, (event) => {
      if (event.kind === 'changed') {
        onChanged(event.what);
        return;
      }
      onUpdated(event.uri);
      onUpdated(qualifiedUri(name, event.uri));
    }),
  );
  return () => {
    for (const stop of stops) stop();
  };
}

/** A server that ended, or failed, is asked again after so long. */
const againMs = 30_000;

/**
 * Has a server tell of changes of a resource until the signal is aborted, also after the server was started again. Resolves
 * once it does, and with `false` where no server has the resource; rejects where the server refuses at first.
 */
export async function watchResource(
  asked: string,
  { client, signal }: { readonly client: GatewayClient; readonly signal: AbortSignal },
  options: GatewayContentsOptions,
): Promise<boolean> {
  const found = await findResource(asked, client, options);
  if (found === undefined) return false;
  const { server, uri } = found;
  const begun = Promise.withResolvers<undefined>();
  const watch = (): Promise<void> =>
    options.servers.use(
      {
        ...{ server, signal, abilities: client.abilities },
        what: `resource "${uri}"`,
        work: (connection, until) =>
          connection.watchResource(uri, until, () => {
            begun.resolve(undefined);
          }),
      },
      client.place,
    );
  const first = watch();
  // Whoever asked hears of what went wrong where it never began; the log has it in any case.
  first.catch((error: unknown) => {
    begun.reject(error);
  });
  await begun.promise;
  void keepWatching(first, watch, signal);
  return true;
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
