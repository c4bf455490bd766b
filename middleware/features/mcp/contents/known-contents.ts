import type { Log } from '../../../kernel/log.ts';
import type { Connection, ListName } from '../connection.ts';
import { guideOf, type ServerGuide } from '../definitions/server-guide.ts';
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
  readonly listing: Pick<ToolListing, 'told'>;
}

/** What is known of the lists of a server, also while it does not run. */
export class KnownContents {
  readonly #options: KnownOptions;
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
    this.learn(['tools', 'prompts', 'resources'], connection, signal);
  }

  /** Asks for lists. Nothing waits for it, and it never fails: a server that cannot list what it has may answer calls all the same. */
  learn(lists: readonly ListName[], connection: Connection | undefined, signal: AbortSignal): void {
    if (connection === undefined) return;
    const { server, log } = this.#options;
    for (const list of lists) {
      this.#ask(list, connection, signal).catch((error: unknown) => {
        log.debug('an MCP server did not list what it has', { server, list, error });
      });
    }
  }

  async #ask(list: ListName, connection: Connection, signal: AbortSignal): Promise<void> {
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
