import { McpFailure } from './mcp-failure.ts';
import type { Launch } from './launch.ts';
import { OldServers } from './client/old-servers.ts';
import { PooledServer, type PooledParts } from './pooled-server.ts';
import type { ServerState } from './server-state.ts';

interface PoolOptions extends Pick<PooledParts, 'version' | 'limits' | 'log' | 'now' | 'logins'> {
  /** Takes out of what servers say what nobody is to read; by default nothing. */
  readonly clean?: PooledParts['clean'];
  /** Hears of every change of how many servers are in which state. */
  readonly onCounts?: (counts: Readonly<Record<ServerState['state'], number>>) => void;
}

/** Servers of which nobody asks any more are forgotten with what was known of them, the oldest first. */
const maxKnown = 1_000;

/** All servers of all workspaces: one connection for what is the same, started when it is used, ended when it is not. */
export class ServerPool {
  readonly #options: PoolOptions;
  readonly #servers = new Map<string, PooledServer>();
  readonly #oldServers: OldServers;
  /** Those that are connected, or about to be. */
  readonly #places = new Set<PooledServer>();
  #isClosed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#oldServers = new OldServers(options.now);
  }

  /** The server of a launch; nothing is started before it is used. */
  server(launch: Launch): PooledServer {
    if (this.#isClosed)
      throw new McpFailure('aborted', 'Codex-Plus stops: MCP servers are not used any more');
    const known = this.#servers.get(launch.key);
    if (known !== undefined) return known;
    this.#forgetOld();
    const server = new PooledServer(launch, {
      clean: (text) => text,
      ...this.#options,
      oldServers: this.#oldServers,
      admit: (one) => this.#admit(one),
      onChange: () => {
        if (!server.isRunning) this.#places.delete(server);
        this.#count();
      },
    });
    this.#servers.set(launch.key, server);
    this.#tellUnset(launch);
    return server;
  }

  /** `undefined` for one that was never used. */
  stateOf({ key }: Pick<Launch, 'key'>): ServerState | undefined {
    return this.#servers.get(key)?.state;
  }

  /** Of the connections of the same server for clients that it may ask something. */
  statesBeside({ key }: Pick<Launch, 'key'>): readonly ServerState[] {
    return [...this.#servers.values()].filter(({ plainKey }) => plainKey === key).map(({ state }) => state);
  }

  /** Ends all servers, with all processes that they started. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#servers.values()].map((server) => server.close()));
  }

  async #admit(one: PooledServer): Promise<void> {
    const { maxRunning } = this.#options.limits;
    // Several may come at the same time, and each of them needs a place of its own.
    while (this.#places.size >= maxRunning) {
      const unused = [...this.#places].filter(({ isUsed }) => !isUsed).sort((a, b) => a.usedAt - b.usedAt);
      const [oldest] = unused;
      if (oldest === undefined)
        throw new McpFailure(
          'unusable',
          `${maxRunning} MCP servers are in use, which is as many as there may be`,
        );
      await oldest.stop();
    }
    this.#places.add(one);
  }

  #tellUnset({ name, unset = [] }: Launch): void {
    for (const { field, variable } of unset)
      this.#options.log.warn('an MCP server gets a variable that is not set, as it is written', {
        ...{ server: name, field, variable },
      });
  }

  #forgetOld(): void {
    for (const [key, server] of this.#servers) {
      if (this.#servers.size < maxKnown) return;
      if (!server.isRunning && !server.isUsed && !server.isHeard) this.#servers.delete(key);
    }
  }

  #count(): void {
    const counts = { idle: 0, starting: 0, running: 0, resting: 0 };
    for (const { state } of this.#servers.values()) counts[state.state] += 1;
    this.#options.onCounts?.(counts);
  }
}
