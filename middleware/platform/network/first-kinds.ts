import { BoundedMap } from '../../kernel/bounds/bounded-map.ts';
import type { HostKind } from './host-kind.ts';

/** Names of servers are few: they stand in files of the configuration. */
const maxHosts = 1_000;

/**
 * Where names of hosts led when they were first looked up: whoever has a name in hand could have it mean another address
 * whenever somebody goes there.
 */
export class FirstKinds {
  readonly #kinds = new BoundedMap<string, ReadonlySet<HostKind>>(maxHosts);

  of(hostname: string): ReadonlySet<HostKind> | undefined {
    return this.#kinds.get(hostname);
  }

  /** Gives where it led at first, which is where it leads now if it was never looked up. */
  learn(hostname: string, kinds: ReadonlySet<HostKind>): ReadonlySet<HostKind> {
    const first = this.#kinds.get(hostname) ?? kinds;
    // Of a name that nobody here knows, nothing was learned.
    if (first.size > 0) this.#kinds.set(hostname, first);
    return first;
  }
}

/** Those of this process: for all that goes to the same host. */
export const firstKinds = new FirstKinds();
