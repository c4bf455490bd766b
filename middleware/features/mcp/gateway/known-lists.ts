import { createHash } from 'node:crypto';
import { BoundedMap } from '../../../kernel/bounds/bounded-map.ts';
import { roughSize } from '../../../kernel/bounds/rough-size.ts';
import { canonicalJson } from '../../../kernel/canonical-json.ts';
import type { McpPlace } from '../access/server-access.ts';

/** Which list of which server, and for whom. */
export interface ListOf {
  readonly kind: string;
  readonly server: string;
  readonly project: McpPlace['project'];
  /** An older server may list other things to clients that can be asked something. */
  readonly abilities: object;
}

const maxLists = 4_000;
/** In characters. */
const maxSize = 64 * 1024 * 1024;

/** What servers listed last, for each folder they serve, for as long as they are defined as they were. */
export class KnownLists {
  readonly #lists = new BoundedMap<string, readonly unknown[]>(maxLists, { maxSize, sizeOf: roughSize });

  get(list: ListOf): readonly unknown[] | undefined {
    return this.#lists.get(keyOf(list));
  }

  set(list: ListOf, items: readonly unknown[]): void {
    const key = keyOf(list);
    // The size of what is there already is known.
    if (this.#lists.get(key) !== items) this.#lists.set(key, items);
  }
}

/** An entry may have secrets in it, which need not be kept for this. */
function keyOf({ kind, server, project: { workspace, mcpServers }, abilities }: ListOf): string {
  const entry = mcpServers.get(server)?.value ?? {};
  return createHash('sha256')
    .update(canonicalJson({ kind, server, workspace, entry, abilities }))
    .digest('hex');
}
