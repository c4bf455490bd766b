import type { Tool } from '@modelcontextprotocol/client';
import { BoundedMap } from '../../../kernel/bounds/bounded-map.ts';
import { remembered } from '../../../kernel/bounds/remembered.ts';
import { roughSize } from '../../../kernel/bounds/rough-size.ts';
import { canonicalJson } from '../../../kernel/canonical-json.ts';
import { joinedName } from '../../../protocol/apis/tools-codec.ts';
import type { McpPlace } from '../access/server-access.ts';
import type { McpServers } from '../mcp-servers.ts';
import { offeredTools, type OfferedTool } from './offered-tool.ts';

interface ToolOffersOptions {
  readonly servers: Pick<McpServers, 'tools' | 'settledTools'>;
  /** How long the first request of a turn waits for servers that have not told their tools yet. */
  readonly waitMs: number;
}

/** What is asked for one request. */
export interface OfferQuestion {
  /** Names the conversation; one without a name has no list of its own. */
  readonly key: string | undefined;
  readonly place: McpPlace;
  /** The servers whose tools count here, of those of the project. */
  readonly names: readonly string[];
  /** Whether the model may know of a tool; `undefined` where it may know of all. */
  readonly allows: ((tool: OfferedTool) => boolean) | undefined;
  /** Whether the request begins a turn of its user. */
  readonly isNewTurn: boolean;
  readonly signal: AbortSignal;
}

interface Joined {
  /** What each server told. */
  readonly told: readonly (readonly Tool[] | undefined)[];
  readonly tools: readonly OfferedTool[];
}

const maxConversations = 2_000;
/** Of lists with the same servers, or beside other ones. */
const maxNewest = 50;
/** Of the lists of all conversations, in characters; those of one server are mostly the same object. */
const maxTotalSize = 64 * 1024 * 1024;

/**
 * The tools that each conversation is offered. It keeps its list as long as it can, or the provider's prompt cache
 * is lost: within a turn whatever happens, and in the next one where the servers still have the same. A server that
 * fails, or is late, has the tools that it had.
 */
export class ToolOffers {
  readonly #options: ToolOffersOptions;
  readonly #lists = new BoundedMap<string, readonly OfferedTool[]>(maxConversations, {
    maxSize: maxTotalSize,
    sizeOf: (tools, key) => key.length + this.#sizeOf(tools),
  });
  readonly #sizeOf = remembered((tools: readonly OfferedTool[]) => roughSize(tools));
  /** The newest list for the same servers: most conversations have the same one. */
  readonly #newest = new BoundedMap<string, readonly OfferedTool[]>(maxNewest);
  /** All of the tools of the same servers, as they were last put together. */
  readonly #joined = new BoundedMap<string, Joined>(maxNewest);
  readonly #offered = remembered(
    (_: readonly Tool[]) => new BoundedMap<string, readonly OfferedTool[]>(maxNewest),
  );

  constructor(options: ToolOffersOptions) {
    this.#options = options;
  }

  async list(question: OfferQuestion): Promise<readonly OfferedTool[]> {
    const { key, isNewTurn } = question;
    const before = key === undefined ? undefined : this.#lists.get(key);
    if (before !== undefined && !isNewTurn) return before;
    const now = await this.#now(question, before ?? []);
    if (before !== undefined && areSame(before, now)) return before;
    const list = this.#shared(now);
    if (key !== undefined) this.#lists.set(key, list);
    return list;
  }

  #shared(tools: readonly OfferedTool[]): readonly OfferedTool[] {
    const servers = [...new Set(tools.map(({ server }) => server))].join('\n');
    const newest = this.#newest.get(servers);
    if (newest !== undefined && areSame(newest, tools)) return newest;
    this.#newest.set(servers, tools);
    return tools;
  }

  async #now(
    { place, names, allows, signal }: OfferQuestion,
    before: readonly OfferedTool[],
  ): Promise<readonly OfferedTool[]> {
    const { servers, waitMs } = this.#options;
    const sorted = names.toSorted();
    const settled = sorted.map((name) => servers.settledTools(name, place.project));
    const wait = { waitMs, signal };
    const told = settled.includes(undefined)
      ? await Promise.all(sorted.map(async (name, at) => settled[at] ?? servers.tools(name, place, wait)))
      : settled;
    const key = names.join('\n');
    const known = allows === undefined && !told.includes(undefined) ? this.#joined.get(key) : undefined;
    if (known !== undefined && areEqual(known.told, told)) return known.tools;
    const lists = sorted.map((name, at) => {
      const tools = told[at];
      return tools === undefined
        ? before.filter(({ server }) => server === name)
        : this.#offeredOf(name, tools, names);
    });
    if (allows !== undefined) return withoutDoubles(lists.flat().filter(allows));
    const tools = withoutDoubles(lists.flat());
    this.#joined.set(key, { told, tools });
    return tools;
  }

  #offeredOf(name: string, tools: readonly Tool[], names: readonly string[]): readonly OfferedTool[] {
    const key = JSON.stringify([name, names]);
    const lists = this.#offered(tools);
    const offered = lists.get(key) ?? offeredTools(name, tools, names);
    lists.set(key, offered);
    return offered;
  }
}

function areSame(some: readonly OfferedTool[], others: readonly OfferedTool[]): boolean {
  if (some === others) return true;
  return some.length === others.length && some.every((tool, at) => isSame(tool, others[at]));
}

function areEqual(some: readonly unknown[], others: readonly unknown[]): boolean {
  return some.length === others.length && some.every((one, at) => one === others[at]);
}

function isSame(tool: OfferedTool, other: OfferedTool | undefined): boolean {
  return tool === other || (other !== undefined && canonical(tool) === canonical(other));
}

const canonical = remembered(canonicalJson);

/** What was named so that it is another one's name in spite of all is left out. */
function withoutDoubles(tools: readonly OfferedTool[]): readonly OfferedTool[] {
  const names = new Set<string>();
  return tools.filter(({ definition }) => {
    const name = joinedName(definition);
    if (names.has(name)) return false;
    names.add(name);
    return true;
  });
}
