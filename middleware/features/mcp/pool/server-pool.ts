import { BoundedMap } from '../../../kernel/bounds/bounded-map.ts';
import type { Connection } from '../connection.ts';
import { McpFailure } from '../mcp-failure.ts';
import { plainKeyOf, type Launch } from '../launch.ts';
import { OldServers } from '../client/old-servers.ts';
import { ServerBreaker } from './server-breaker.ts';
import type { HealthFigures } from './server-health.ts';
import { PooledServer, type PooledParts } from './pooled-server.ts';
import { wasUsed, type ServerState } from '../server-state.ts';

interface PoolOptions extends Pick<PooledParts, 'version' | 'limits' | 'log' | 'now' | 'logins'> {
  /** Takes out of what servers say what nobody is to read; by default nothing. */
  readonly clean?: PooledParts['clean'];
}

/** What is measured of servers. */
interface PoolFigures {
  readonly states: Readonly<Record<ServerState['state'], number>>;
  readonly servers: readonly HealthFigures[];
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
  /** The keys of those that nobody may use any more who used them, until somebody may again: a use may still begin that was allowed before. */
  readonly #left = new BoundedMap<string, true>(maxKnown);
  #isClosed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#oldServers = new OldServers(options.now);
  }

  get now(): PoolOptions['now'] {
    return this.#options.now;
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
      breaker: this.#breakerOf(launch),
      admit: (one) => this.#admit(one),
      onChange: () => {
        if (!server.isRunning) this.#places.delete(server);
        this.#forgetLeft(launch, server);
      },
      isLeft: () => this.#isLeft(launch),
    });
    this.#servers.set(launch.key, server);
    this.#tellUnset(launch);
    return server;
  }

  /** `undefined` for one that was never used. */
  stateOf({ key }: Pick<Launch, 'key'>): ServerState | undefined {
    return this.#servers.get(key)?.state;
  }

  /** Has a server that runs tell its prompts and resources again, where what is known of them is older and may be wrong by now. */
  async refresh({ key }: Pick<Launch, 'key'>, maxAgeMs: number): Promise<void> {
    await this.#servers.get(key)?.refresh(maxAgeMs);
  }

  /** The same where something went wrong last. */
  failedStateOf({ key }: Pick<Launch, 'key'>): ServerState | undefined {
    return this.#servers.get(key)?.failedState;
  }

  /** How a server is to be used, as it said when it was last connected; `undefined` for one that was never used. */
  guideOf({ key }: Pick<Launch, 'key'>): ServerState['guide'] | undefined {
    return this.#servers.get(key)?.guide;
  }

  /** Which protocol a server speaks. One of the older protocol that was started to learn that, and for nothing else, ends at once. */
  async eraOf(launch: Launch, signal: AbortSignal): Promise<Connection['era']> {
    const server = this.server(launch);
    const known = server.state.era ?? (this.#oldServers.has(launch) ? 'legacy' : undefined);
    if (known !== undefined) return known;
    const era = await server.use({
      ...{ what: 'the question which protocol it speaks', isForEra: true, signal },
      work: (connection) => Promise.resolve(connection.era),
    });
    if (era === 'legacy' && !server.isWanted) void server.stop();
    return era;
  }

  /** Of the connections of the same server for clients that it may ask something. */
  statesBeside({ key }: Pick<Launch, 'key'>): readonly ServerState[] {
    return [...this.#servers.values()].filter(({ plainKey }) => plainKey === key).map(({ state }) => state);
  }

  /** Has a server end once nobody uses it, with its other connections, unless somebody is to use it again. */
  async leave(key: Launch['key']): Promise<void> {
    this.#left.set(key, true);
    const connections = [...this.#servers].filter(([own, { plainKey = own }]) => plainKey === key);
    await Promise.all(connections.map(([, server]) => server.stop()));
    for (const [own, server] of connections) this.#forgetLeft({ key: own, plainKey: key }, server);
  }

  /** Somebody may use it who is about to. */
  want({ key }: Pick<Launch, 'key'>): void {
    this.#left.delete(key);
  }

  /** How many servers are in which state, and how each of them did. */
  figures(): PoolFigures {
    const counts = { idle: 0, starting: 0, running: 0, resting: 0 };
    const states = new Map<string, ServerState['state']>();
    const servers: HealthFigures[] = [];
    for (const [key, { plainKey = key, isRunning, state, figures }] of this.#servers) {
      // One that is known for its listeners alone.
      if (!wasUsed(state) || (!isRunning && this.#isLeft({ key, plainKey }))) continue;
      const before = states.get(plainKey);
      if (before === undefined) servers.push(figures);
      if (before === undefined || isLivelier(state.state, before)) states.set(plainKey, state.state);
    }
    for (const state of states.values()) counts[state] += 1;
    return { states: counts, servers };
  }

  /** Ends all servers, with all processes that they started. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#servers.values()].map((server) => server.close()));
  }

  /** One for all connections of a server: whichever fails, it is the same that is left alone. */
  #breakerOf(launch: Launch): ServerBreaker {
    const plainKey = plainKeyOf(launch);
    for (const [key, { plainKey: own = key, breaker }] of this.#servers) if (own === plainKey) return breaker;
    return new ServerBreaker(this.#options);
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

  #isLeft(launch: Pick<Launch, 'key' | 'plainKey'>): boolean {
    return this.#left.get(plainKeyOf(launch)) === true;
  }

  /** Where nobody wants it, nothing of it need be known. */
  #forgetLeft(launch: Pick<Launch, 'key' | 'plainKey'>, server: PooledServer): void {
    if (!this.#isLeft(launch) || server.isRunning || server.isUsed || server.isHeard) return;
    if (this.#servers.get(launch.key) === server) this.#servers.delete(launch.key);
  }
}

/** What counts for a server with several connections. */
const liveliest: readonly ServerState['state'][] = ['running', 'starting', 'resting', 'idle'];

function isLivelier(one: ServerState['state'], other: ServerState['state']): boolean {
  return liveliest.indexOf(one) < liveliest.indexOf(other);
}
