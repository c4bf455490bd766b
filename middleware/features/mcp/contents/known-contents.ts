import type { Log } from '../../../kernel/log.ts';
import type { Connection, ListName } from '../connection.ts';
import { guideOf, type ServerGuide } from '../definitions/server-guide.ts';
import { recentMs } from '../list-bounds.ts';
import type { ToolListing } from '../tool-listing.ts';
import { promptCommands, type PromptCommand } from './prompt-command.ts';

/** What a server had beside its tools when it was last asked; `undefined` for what it was never asked. */
export interface Contents {
  readonly prompts: readonly PromptCommand[] | undefined;
  /** How many. */
  readonly resources: number | undefined;
  /** How it is to be used, as it said when it was last connected. */
  readonly guide: ServerGuide;
}

/** Of the prompts, of which servers may make as many as they like. */
const maxKept = 500;

interface KnownOptions {
  readonly server: string;
  readonly log: Log;
  /** Keeps the tools. */
  readonly listing: Pick<ToolListing, 'told' | 'renewed' | 'failed'>;
  /** Whether the server tells by itself when it has another list. */
  readonly tells: (list: ListName) => boolean;
  /** For how long it is not asked again for a list that it did not tell. */
  readonly restMs: number;
  /** A clock that only goes forward, in milliseconds. */
  readonly now: () => number;
}

interface Told {
  readonly at: number;
  /** Whether it was told, or is being asked for. */
  readonly isKnown: boolean;
}

/** What is known of the lists of a server, also while it does not run. */
export class KnownContents {
  readonly #options: KnownOptions;
  /** How the lists were asked for last that the listing does not keep. */
  readonly #asked = new Map<ListName, Told>();
  #contents: Contents = { prompts: undefined, resources: undefined, guide: [] };

  constructor(options: KnownOptions) {
    this.#options = options;
  }

  get now(): Contents {
    return this.#contents;
  }

  /** Takes over what another connection says, and asks it for all lists. */
  renew(connection: Connection, signal: AbortSignal): void {
    const guide = guideOf(connection.instructions, this.#contents.guide);
    this.#contents = { ...this.#contents, guide };
    void this.learn(['tools', 'prompts', 'resources'], connection, signal);
  }

  /** Asks for lists. It never fails: a server that cannot list what it has may answer calls all the same, and is asked again later. */
  async learn(
    lists: readonly ListName[],
    connection: Connection | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    if (connection === undefined) return;
    const { server, log } = this.#options;
    await Promise.all(
      lists.map(async (list) => {
        await this.#ask(list, connection, signal).catch((error: unknown) => {
          log.debug('an MCP server did not list what it has', { server, list, error });
          this.#failed(list);
        });
      }),
    );
  }

  /** Takes over a list that the connection has read for somebody, so that all know the same of it. */
  async take(list: ListName, connection: Connection | undefined, signal: AbortSignal): Promise<void> {
    // Whoever it was read for hears what is wrong with it.
    if (connection !== undefined) await this.#take(list, connection, signal).catch(() => undefined);
  }

  /** Asks again for what may be another list by now, or was not told when the server was asked. */
  async refresh(connection: Connection | undefined, maxAgeMs: number, signal: AbortSignal): Promise<void> {
    const { restMs, tells, now } = this.#options;
    const believedMs = (list: ListName, isKnown: boolean): number => {
      if (!isKnown) return restMs;
      return tells(list) ? recentMs : maxAgeMs;
    };
    const old = (['prompts', 'resources'] as const).filter((list) => {
      const { at, isKnown } = this.#asked.get(list) ?? { at: -Infinity, isKnown: false };
      return now() - at >= believedMs(list, isKnown);
    });
    await this.learn(old, connection, signal);
  }

  #failed(list: ListName): void {
    if (list === 'tools') this.#options.listing.failed();
    else this.#asked.set(list, { at: this.#options.now(), isKnown: false });
  }

  async #ask(list: ListName, connection: Connection, signal: AbortSignal): Promise<void> {
    if (list === 'tools') this.#options.listing.renewed();
    await this.#take(list, connection, signal);
  }

  async #take(list: ListName, connection: Connection, signal: AbortSignal): Promise<void> {
    if (list !== 'tools') this.#asked.set(list, { at: this.#options.now(), isKnown: true });
    switch (list) {
      case 'tools':
        this.#options.listing.told(await connection.tools(signal));
        break;
      case 'prompts': {
        const prompts = promptCommands(this.#options.server, await connection.prompts(signal));
        this.#contents = { ...this.#contents, prompts: prompts.slice(0, maxKept) };
        break;
      }
      case 'resources': {
        const { length } = await connection.resources(signal);
        this.#contents = { ...this.#contents, resources: length };
      }
    }
  }
}
