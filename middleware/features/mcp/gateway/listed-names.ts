import { FairMap } from '../../../kernel/bounds/fair-map.ts';
import type { GatewayClient } from './forward-request.ts';
import type { FoundName, Named, Offered } from './gateway-names.ts';
import type { ListKind } from './server-lists.ts';

type ToldClient = Pick<GatewayClient, 'caller' | 'place'>;

/** What is called by a name of its own at its server. */
interface NamedItem {
  readonly name: string;
}

interface Listed {
  readonly caller: string;
  readonly names: ReadonlyMap<string, FoundName>;
}

/** Each has the names of one kind that one caller was told in one folder. */
const maxLists = 1_000;
const noNames: ReadonlyMap<string, FoundName> = new Map();

/**
 * The names by which the clients of a caller were told of things in a folder, so that each goes on meaning the same while
 * servers are added, fail and start, and files of the configuration change.
 */
export class ListedNames {
  readonly #lists = new FairMap<Listed>({
    maxEntries: maxLists,
    ownerOf: ({ caller }) => [caller],
    // Its names mean then what they would to somebody who was never told them.
    onDropped: () => undefined,
  });

  /** What a name was told for; `undefined` where it never was, or its server is not configured any more. */
  find(kind: ListKind, name: string, client: ToldClient): FoundName | undefined {
    const found = this.#lists.get(keyOf(kind, client))?.names.get(name);
    return found !== undefined && client.place.project.mcpServers.has(found.server) ? found : undefined;
  }

  /** The names that nothing else takes in the next list: their servers offer the same, or have not told yet what they do. */
  staying(
    kind: ListKind,
    client: ToldClient,
    offered: readonly Offered<NamedItem>[],
  ): ReadonlyMap<string, FoundName> {
    const names = this.#lists.get(keyOf(kind, client))?.names;
    if (names === undefined) return noNames;
    const known = new Map(
      offered.map(({ server, items, isUnknown }) => [
        server,
        isUnknown === true ? undefined : new Set(items.map(({ name }) => name)),
      ]),
    );
    const stays = ({ server, name }: FoundName): boolean =>
      known.has(server) && (known.get(server)?.has(name) ?? true);
    return new Map([...names].filter(([, found]) => stays(found)));
  }

  /** To be called with what a client is told. */
  keep(
    kind: ListKind,
    client: ToldClient,
    offered: readonly Offered<NamedItem>[],
    named: readonly Named<NamedItem>[],
  ): void {
    const told = named.map(({ name, server, item }) => [name, { server, name: item.name }] as const);
    this.#lists.set(keyOf(kind, client), {
      caller: client.caller,
      names: new Map([...this.staying(kind, client, offered), ...told]),
    });
  }
}

function keyOf(kind: ListKind, { caller, place }: ToldClient): string {
  return JSON.stringify([kind, caller, place.project.workspace]);
}
