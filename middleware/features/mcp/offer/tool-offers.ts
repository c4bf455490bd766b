import type { Tool } from '@modelcontextprotocol/client';
import { BoundedMap } from '../../../kernel/bounds/bounded-map.ts';
import { remembered } from '../../../kernel/bounds/remembered.ts';
import { roughSize } from '../../../kernel/bounds/rough-size.ts';
import { canonicalJson } from '../../../kernel/canonical-json.ts';
import { joinedName } from '../../../protocol/apis/tools-codec.ts';
import type { McpPlace } from '../access/server-access.ts';
import type { McpServers } from '../mcp-servers.ts';
import { offeredTools, type OfferedServer, type OfferedTool } from './offered-tool.ts';

interface ToolOffersOptions {
  readonly servers: Pick<McpServers, 'tools' | 'settledTools' | 'instructions' | 'settledInstructions'>;
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
  /** The tools that each server told, then what each says of itself. */
  readonly said: readonly unknown[];
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
    const { project } = place;
    const sorted = names.toSorted();
    const wait = { waitMs, signal };
    const told = await settledOr(
      sorted.map((name) => servers.settledTools(name, project)),
      (at) => servers.tools(sorted[at] ?? '', place, wait),
    );
    const abouts = await settledOr(
      sorted.map((name) => servers.settledInstructions(name, project)),
      (at) => servers.instructions(sorted[at] ?? '', project),
    );
    const key = names.join('\n');
    const known = allows === undefined && !told.includes(undefined) ? this.#joined.get(key) : undefined;
    const said = [...told, ...abouts];
    if (known !== undefined && areEqual(known.said, said)) return known.tools;
    const lists = sorted.map((name, at) => {
      const tools = told[at];
      return tools === undefined
        ? before.filter(({ server }) => server === name)
        : this.#offeredOf(name, tools, { servers: names, about: abouts[at] });
    });
    if (allows !== undefined) return withoutDoubles(lists.flat().filter(allows));
    const tools = withoutDoubles(lists.flat());
    this.#joined.set(key, { said, tools });
    return tools;
  }

  #offeredOf(name: string, tools: readonly Tool[], of: OfferedServer): readonly OfferedTool[] {
    const key = JSON.stringify([name, of]);
    const lists = this.#offered(tools);
    const offered = lists.get(key) ?? offeredTools(name, tools, of);
    lists.set(key, offered);
    return offered;
  }
}

/** What is known already, with what is asked for where something is not. */
function settledOr<T>(
  settled: readonly (T | undefined)[],
  ask: (at: number) => Promise<T | undefined>,
): readonly (T | undefined)[] | Promise<readonly (T | undefined)[]> {
  if (!settled.includes(undefined)) return settled;
  return Promise.all(settled.map(async (value, at) => value ?? ask(at)));
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
