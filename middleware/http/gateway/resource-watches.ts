import { BoundedMap } from '../../kernel/bounds/bounded-map.ts';

/** Of one client; for more, the one is given up that was asked for, or was changed, longest ago. */
const maxWatches = 100;

/** The resources that a session hears of, each until its signal is aborted. */
export class ResourceWatches {
  readonly #watches = new BoundedMap<string, AbortController>(maxWatches, {
    onDropped: (controller) => {
      controller.abort();
    },
  });

  has(uri: string): boolean {
    return this.#watches.get(uri) !== undefined;
  }

  /** The signal is aborted when the resource is not watched any more. */
  add(uri: string): AbortSignal {
    const controller = new AbortController();
    this.#watches.set(uri, controller);
    return controller.signal;
  }

  /** As `delete`, but for one that was watched anew since the signal was made. */
  giveUp(uri: string, signal: AbortSignal): void {
    if (this.#watches.get(uri)?.signal === signal) this.delete(uri);
  }

  delete(uri: string): void {
    this.#watches.get(uri)?.abort();
    this.#watches.delete(uri);
  }

  clear(): void {
    for (const [uri] of [...this.#watches]) this.delete(uri);
  }
}
