import type { FoundResource } from '../../features/mcp/gateway/gateway-contents.ts';

/** What clients call the resources that they hear of: a resource may have several addresses at our endpoint, and several servers one. */
export class WatchedNames {
  /** By resources: how many watch one by which address. */
  readonly #names = new Map<string, Map<string, number>>();

  /** Until the signal is aborted. */
  add(name: string, found: FoundResource, signal: AbortSignal): void {
    if (signal.aborted) return;
    const key = keyOf(found);
    const names = this.#names.get(key) ?? new Map<string, number>();
    this.#names.set(key, names.set(name, (names.get(name) ?? 0) + 1));
    signal.addEventListener(
      'abort',
      () => {
        const left = (names.get(name) ?? 1) - 1;
        if (left > 0) names.set(name, left);
        else names.delete(name);
        if (names.size === 0) this.#names.delete(key);
      },
      { once: true },
    );
  }

  of(found: FoundResource): Iterable<string> {
    return this.#names.get(keyOf(found))?.keys() ?? [];
  }
}

function keyOf({ server, uri }: FoundResource): string {
  return JSON.stringify([server, uri]);
}
