import { BoundedMap } from '../../kernel/bounds/bounded-map.ts';

/** Of one client; what it asked for first is given up for more. */
const maxWatches = 100;

/** The resources that a session hears of, each until its signal is aborted. */
export class ResourceWatches {
  readonly #watches = new BoundedMap<string, AbortController>(maxWatches, {
    ...{ maxSize: maxWatches, sizeOf: () => 1 },
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

  delete(uri: string): void {
    this.#watches.get(uri)?.abort();
    this.#watches.delete(uri);
  }

  clear(): void {
    for (const [uri] of [...this.#watches]) this.delete(uri);
  }
}
