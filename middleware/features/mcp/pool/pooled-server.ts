import type { Tool } from '@modelcontextprotocol/client';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../../kernel/log.ts';
import { runUnowned } from '../../../platform/process/request-owner.ts';
import type { Connection, ListName, ServerEvent } from '../connection.ts';
import { KnownContents } from '../contents/known-contents.ts';
import type { ConnectionParts } from '../client/open-connection.ts';
import { ConnectionUses, endOf, type Use } from './connection-uses.ts';
import { CutLists } from './cut-lists.ts';
import { callFailure, forgottenFailure, mayHaveLostSession, nameOf, startFailure } from '../failure-of.ts';
import type { Launch } from '../launch.ts';
import { McpFailure, noneWhereOwn } from '../mcp-failure.ts';
import { openServer } from './open-server.ts';
import type { PoolLimits } from './pool-limits.ts';
import type { ServerBreaker } from './server-breaker.ts';
import { ServerHealth, tellFailure, type HealthFigures } from './server-health.ts';
import { OwnSecrets } from '../transport/own-secrets.ts';
import { ToolListing } from '../tool-listing.ts';
import type { ServerState } from '../server-state.ts';
import { unlessAborted } from '../unless-aborted.ts';

export interface PooledParts extends Pick<ConnectionParts, 'version' | 'oldServers' | 'logins'> {
  readonly limits: PoolLimits;
  readonly log: Log;
  /** Of the server, with all its connections. */
  readonly breaker: ServerBreaker;
  /** Takes out of what the server says what nobody is to read. */
  readonly clean: (text: string) => string;
  /** A clock that only goes forward, in milliseconds. */
  readonly now: () => number;
  /** Resolves when one more server may be connected; rejects where there is no place. */
  readonly admit: (server: PooledServer) => Promise<void>;
  readonly onChange: () => void;
  /** Whether all who used it have left, so that it ends as soon as nobody uses it. */
  readonly isLeft: () => boolean;
}

/**
 * One server, started when it is first used and shared by all who use it: again after it ended, later each time
 * where it fails, and not at all for a while after some failures in a row.
 */
export class PooledServer {
  readonly #launch: Launch;
  readonly #parts: PooledParts;
  readonly #health: ServerHealth;
  readonly #secrets: OwnSecrets;
  readonly #listing: ToolListing;
  readonly #contents: KnownContents;
  readonly #ending = new AbortController();
  readonly #listeners = new Set<(event: ServerEvent) => void>();
  readonly #uses: ConnectionUses;
  #opening: Promise<Connection> | undefined;
  #connection: Connection | undefined;
  #idle: NodeJS.Timeout | undefined;
  readonly #cut: CutLists;
  #users = 0;
  /** Whether the connection may be at fault: unless something goes well, it ends as soon as nobody uses it. */
  #isDoubtful = false;
  #isWanted = false;
  #usedAt: number;
  #era: ServerState['era'];

  constructor(launch: Launch, parts: PooledParts) {
    this.#launch = launch;
    this.#parts = parts;
    this.#usedAt = parts.now();
    this.#secrets = new OwnSecrets(launch, parts.clean);
    this.#cut = new CutLists(launch.name, parts.log);
    this.#uses = new ConnectionUses(launch.name, parts.log);
    this.#health = new ServerHealth({ name: launch.name, breaker: parts.breaker });
    this.#listing = new ToolListing({
      ...{ ask: () => this.#askTools(), tells: () => this.#tells('tools'), now: parts.now },
    });
    this.#contents = new KnownContents({
      ...{ server: launch.name, log: parts.log, listing: this.#listing },
      ...{ tells: (list) => this.#tells(list), restMs: parts.limits.coolDownMs, now: parts.now },
    });
  }

  get state(): ServerState {
    return {
      state: this.#health.isResting ? 'resting' : this.#activity(),
      ...{ ...this.#contents.now, tools: this.#listing.known, cut: this.#cut.names },
      ...{ era: this.#era, pid: this.#connection?.pid, restMs: this.#health.restMs },
      ...{ lastError: this.#health.lastError, wantsLogin: this.#health.wantsLogin },
      isOwn: this.#health.isOwn,
    };
  }

  /** The same where something went wrong last; `undefined` where nothing did. */
  get failedState(): ServerState | undefined {
    return this.#health.lastError === undefined ? undefined : this.state;
  }

  get breaker(): ServerBreaker {
    return this.#parts.breaker;
  }

  /** What is measured of it. */
  get figures(): HealthFigures {
    return this.#health.figures;
  }

  /** How it is to be used, as it said when it was last connected. */
  get guide(): ServerState['guide'] {
    return this.#contents.now.guide;
  }

  /** Names the same server for clients that it may ask nothing; `undefined` where it is that one. */
  get plainKey(): string | undefined {
    return this.#launch.plainKey;
  }

  /** Whether it has a connection, or is about to. */
  get isRunning(): boolean {
    return this.#opening !== undefined;
  }

  get isUsed(): boolean {
    return this.#users > 0;
  }

  /** Whether it was ever used for more than the question which protocol it speaks. */
  get isWanted(): boolean {
    return this.#isWanted;
  }

  /** Whether somebody wants to hear what it tells by itself, which keeps it known but not running. */
  get isHeard(): boolean {
    return this.#listeners.size > 0;
  }

  /** Returns how to stop listening. */
  listen(listener: (event: ServerEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      this.#tellUnused();
    };
  }

  get usedAt(): number {
    return this.#usedAt;
  }

  /** Does something with its connection; rejects with an `McpFailure` where the server fails. */
  async use<T>(use: Use<T>): Promise<T> {
    await this.#noteLogin();
    this.#health.assertUsable();
    this.#users += 1;
    this.#isWanted ||= use.isForEra !== true;
    clearTimeout(this.#idle);
    try {
      return await this.#useOnce(use, true);
    } finally {
      this.#users -= 1;
      this.#usedAt = this.#parts.now();
      this.#endWhenIdle();
    }
  }

  /**
   * Its tools, within so many milliseconds; `undefined` where it does not tell them in time. One that does not run
   * is not started for tools that it told before.
   */
  async tools(waitMs: number, signal: AbortSignal): Promise<readonly Tool[] | undefined> {
    await this.#noteLogin();
    const { known } = this.#listing;
    return this.isRunning || known === undefined ? this.#listing.within(waitMs, signal) : known;
  }

  /** The same where nothing has to be looked at or waited for; `undefined` where something has. */
  get settledTools(): readonly Tool[] | undefined {
    return this.#health.wantsLogin ? undefined : this.#listing.settled(this.isRunning);
  }

  /** Asks it again for its prompts and resources, where what is known of them may be old; one that does not run is not started. */
  async refresh(maxAgeMs: number): Promise<void> {
    await this.#contents.refresh(this.#connection, maxAgeMs, this.#ending.signal);
  }

  /** Ends its connection unless somebody uses it; the next use starts it again. */
  async stop(): Promise<void> {
    const connection = await this.#opening?.catch(() => undefined);
    if (!this.isUsed) await this.#drop(connection);
  }

  /** Ends it for good, also while it starts or is used. */
  async close(): Promise<void> {
    this.#ending.abort(new McpFailure('aborted', `${nameOf(this.#launch.name)} was ended: Codex-Plus stops`));
    clearTimeout(this.#idle);
    await this.#drop(await this.#opening?.catch(() => undefined));
    await this.#uses.allEnded();
  }

  /** A login is a new beginning, also where it was made by another process. */
  async #noteLogin(): Promise<void> {
    if (!this.#health.wantsLogin || this.#launch.kind === 'stdio') return;
    const { isSignedIn, wants } = await this.#parts.logins.stateOf(this.#launch);
    if (!isSignedIn || wants !== undefined) return;
    this.#health.succeeded();
    this.#listing.forgive();
  }

  async #useOnce<T>(use: Use<T>, mayReconnect: boolean): Promise<T> {
    const failing = { name: this.#launch.name, clean: this.#secrets.clean };
    const connection = await unlessAborted(use.signal, this.#connected()).catch((error: unknown) => {
      if (use.signal.aborted) this.#health.gaveUp();
      throw error;
    });
    const done = AbortSignal.any([use.signal, this.#ending.signal]);
    const { counted } = this.#health;
    try {
      const value = await this.#uses.during(connection, () =>
        unlessAborted(done, use.work(connection, done)),
      );
      this.#health.succeeded();
      this.#isDoubtful = false;
      return value;
    } catch (error) {
      // A refusal of ours says nothing of the server.
      if (done.aborted || error instanceof McpFailure) this.#health.gaveUp();
      done.throwIfAborted();
      if (error instanceof McpFailure) throw error;
      if (mayReconnect && this.#uses.mayRepeat(use, connection, error)) {
        if (this.#isLetGo(connection)) this.#uses.leave(connection);
        return await this.#useOnce(use, false);
      }
      if (this.#uses.isForgotten(connection)) {
        this.#health.gaveUp();
        throw forgottenFailure(failing.name, use.what, error);
      }
      const ended = await endOf(connection);
      const failure = callFailure(failing, { what: use.what, callMs: this.#launch.callMs, ended }, error);
      if (failure === undefined) {
        this.#health.succeeded();
        throw error;
      }
      this.#health.failedAtCall(failure, counted);
      this.#tellFailed(failure);
      this.#doubt(connection, ended, failure);
      throw failure;
    }
  }

  #doubt(connection: Connection, ended: string | undefined, failure: McpFailure): void {
    // Whoever asked need not wait for its end; the next start does.
    if (ended !== undefined) void this.#drop(connection);
    else if (this.#health.isResting || mayHaveLostSession(connection, failure)) this.#isDoubtful = true;
  }

  /** The connection, which all who ask at the same time wait for. */
  #connected(): Promise<Connection> {
    // It serves requests that come later as well.
    this.#opening ??= runUnowned(() => this.#open()).catch((error: unknown) => {
      this.#opening = undefined;
      this.#parts.onChange();
      throw error;
    });
    return this.#opening;
  }

  async #open(): Promise<Connection> {
    const { signal } = this.#ending;
    const { name, kind, startMs } = this.#launch;
    const { log, now, version, oldServers, logins } = this.#parts;
    // What ended before goes first, so that it is never there twice.
    await this.#uses.ended();
    const waitMs = this.#health.waitMs();
    if (waitMs > 0) await sleep(waitMs, undefined, { signal }).catch(() => undefined);
    signal.throwIfAborted();
    await this.#parts.admit(this).catch((error: unknown) => {
      if (error instanceof McpFailure) {
        this.#health.hadNoPlace(error);
        this.#tellFailed(error);
      }
      throw error;
    });
    const late = AbortSignal.timeout(startMs);
    try {
      const connection = await openServer(
        this.#launch,
        {
          ...{ version, now, oldServers, logins, log, secrets: this.#secrets },
          onCut: (list) => {
            this.#cut.add(list);
          },
          onRead: (list) => void this.#contents.take(list, this.#connection, signal),
          onEvent: (event) => {
            if (event.kind === 'changed') void this.#contents.learn([event.what], this.#connection, signal);
            for (const listener of this.#listeners) listener(event);
          },
        },
        AbortSignal.any([signal, late]),
      );
      this.#adopt(connection);
      return connection;
    } catch (error) {
      signal.throwIfAborted();
      const failed = { name, kind, clean: this.#secrets.clean };
      const failure = startFailure(failed, late.aborted ? startMs : undefined, error);
      this.#health.failed(failure);
      this.#tellFailed(failure);
      throw failure;
    }
  }

  #adopt(connection: Connection): void {
    this.#connection = connection;
    this.#isDoubtful = false;
    this.#cut.clear();
    this.#era = connection.era;
    this.#parts.onChange();
    this.#listing.renewed();
    this.#contents.renew(connection, this.#ending.signal);
    void connection.closed.then((reason) => {
      this.#parts.log.info('an MCP server ended', { server: this.#launch.name, pid: connection.pid, reason });
      void this.#drop(connection);
    });
  }

  /** What a server elsewhere tells may have no stream to come over, or be lost on its way. */
  #tells(list: ListName): boolean {
    return this.#launch.kind === 'stdio' && this.#connection?.capabilities[list]?.listChanged === true;
  }

  async #askTools(): Promise<readonly Tool[]> {
    // As long for the list as for the start.
    const signal = AbortSignal.timeout(2 * this.#launch.startMs);
    const asked = this.use({
      ...{ what: 'the list of its tools', isLook: true },
      work: ({ tools }, until) => tools(until),
      signal,
    });
    return await asked.catch(noneWhereOwn);
  }

  /** Ends a connection that is in use now; any other one has been ended already. */
  async #drop(connection: Connection | undefined): Promise<void> {
    if (this.#isLetGo(connection)) await this.#uses.end(connection);
  }

  /** Whether it was the one in use until now. */
  #isLetGo(connection: Connection | undefined): connection is Connection {
    if (connection === undefined || this.#connection !== connection) return false;
    this.#connection = undefined;
    this.#opening = undefined;
    this.#parts.onChange();
    return true;
  }

  #tellFailed(failure: McpFailure): void {
    tellFailure(this.#parts.log, this.#launch.name, failure);
  }

  #activity(): 'idle' | 'starting' | 'running' {
    if (this.#connection !== undefined) return 'running';
    return this.#opening === undefined ? 'idle' : 'starting';
  }

  /** Nothing of it changed, but nothing may hold it any more. */
  #tellUnused(): void {
    if (this.#parts.isLeft()) this.#parts.onChange();
  }

  #endWhenIdle(): void {
    clearTimeout(this.#idle);
    if (this.#opening === undefined) this.#tellUnused();
    if (this.#users > 0 || this.#opening === undefined || this.#ending.signal.aborted) return;
    if (this.#isDoubtful || this.#parts.isLeft()) void this.stop();
    else this.#idle = setTimeout(() => void this.stop(), this.#parts.limits.idleMs).unref();
  }
}
