import type { Log } from '../../../kernel/log.ts';

/** The lists of a connection that have more in them than is used, each of which is told once. */
export class CutLists {
  readonly #names = new Set<string>();
  readonly #server: string;
  readonly #log: Log;

  constructor(server: string, log: Log) {
    this.#server = server;
    this.#log = log;
  }

  get names(): readonly string[] {
    return [...this.#names];
  }

  add(list: string): void {
    if (this.#names.has(list)) return;
    this.#names.add(list);
    this.#log.warn('an MCP server lists more than is used: the rest is left out', {
      ...{ server: this.#server, list },
    });
  }

  /** Another connection is told of anew. */
  clear(): void {
    this.#names.clear();
  }
}
