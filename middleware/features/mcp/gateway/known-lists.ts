import type { McpPlace } from '../access/server-access.ts';

/** What the servers of projects listed last, for as long as nothing of a project's configuration changes. */
export class KnownLists {
  readonly #lists = new WeakMap<McpPlace['project'], Map<string, readonly unknown[]>>();

  /** `key`: which list of which server, and for whom. */
  get(project: McpPlace['project'], key: string): readonly unknown[] | undefined {
    return this.#lists.get(project)?.get(key);
  }

  set(project: McpPlace['project'], key: string, items: readonly unknown[]): void {
    const lists = this.#lists.get(project) ?? new Map<string, readonly unknown[]>();
    this.#lists.set(project, lists.set(key, items));
  }
}
