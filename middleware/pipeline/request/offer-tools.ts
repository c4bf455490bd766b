import { callPolicyOf } from '../../features/calls/call-policy.ts';
import { isRunHere } from '../../features/hooks/config/project-hooks.ts';
import { placeKey } from '../../features/hooks/sessions/hook-place.ts';
import { groupOf, type OfferedTool } from '../../features/mcp/offer/offered-tool.ts';
import { searchDefinitions, tokensOf } from '../../features/mcp/offer/tool-search.ts';
import type { OfferQuestion, ToolOffers } from '../../features/mcp/offer/tool-offers.ts';
import type { Sessions } from '../../features/sessions/sessions.ts';
import { BoundedMap } from '../../kernel/bounds/bounded-map.ts';
import { remembered } from '../../kernel/bounds/remembered.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import type { RequestStage } from '../../kernel/stage.ts';
import type { McpConfig } from '../../platform/config/config.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';
import { codecOf } from '../../protocol/apis/codec-of.ts';
import { joinedName, type ClientTools, type ToolsCodec } from '../../protocol/apis/tools-codec.ts';
import { isCompactionCall } from '../../protocol/api-path.ts';
import { asksForJson } from '../../protocol/asks-for-json.ts';
import { claudeGroup } from '../../protocol/claude-tools/mcp-tool-name.ts';
import { mcpId } from '../../protocol/codex/mcp-id.ts';
import { Conversation } from '../../protocol/conversation/conversation.ts';
import { newestUserPrompt } from '../../protocol/conversation/user-prompt.ts';
import { clientFactsOf } from '../hooks/client-facts.ts';
import { denialsByName } from '../hooks/guard-mcp-calls.ts';
import { callerKey, modelCallerOf } from '../hooks/model/model-caller.ts';
import type { LoginNotes } from '../mcp/login-notes.ts';
import { noteMissing } from '../mcp/missing-servers.ts';
import { OfferedBefore } from '../mcp/offered-before.ts';
import type { ServerNotes } from '../mcp/server-notes.ts';
import { withToolSearch } from '../mcp/tool-search-runner.ts';
import {
  createToolRunner,
  toolRunnerKey,
  type ServersByGroup,
  type ToolRunnerParts,
} from '../mcp/tool-runner.ts';
import type { CallRunner } from '../call-checks.ts';
import { concernsServers, type ProjectLookup } from '../projects.ts';

export interface OfferToolsOptions extends ToolRunnerParts {
  readonly projectOf: ProjectLookup['of'];
  readonly projectNamed: ProjectLookup['named'];
  readonly folderUnread: ProjectLookup['folderUnread'];
  readonly haveServers: ProjectLookup['haveServers'];
  readonly sessions: Sessions;
  readonly offers: ToolOffers;
  readonly loginNotes: LoginNotes;
  readonly serverNotes: ServerNotes;
  /** Which requests get tools. */
  readonly tools: McpConfig['tools'];
  /** Of more tokens of definitions than these the model gets a search in their place. */
  readonly searchAboveTokens: number;
}

/**
 * Adds the tools of the MCP servers that the exchange's project and user have to those of the client. Its answer is
 * read then, and calls of them are run here. The client's own tools win: those of a server that it has itself are not
 * added.
 */
export function createOfferToolsStage(options: OfferToolsOptions): RequestStage {
  const before = new OfferedBefore();
  return {
    name: 'offer-tools',
    run: (exchange) => {
      const codec = codecOf(exchange.request.api).request.tools;
      // Most requests end here: nobody has such servers.
      if (codec === undefined || !options.haveServers()) return exchange;
      return offer(exchange, codec, { ...options, before });
    },
  };
}

interface OfferOptions extends OfferToolsOptions {
  readonly before: OfferedBefore;
}

async function offer(exchange: Exchange, codec: ToolsCodec, options: OfferOptions): Promise<Exchange> {
  const { request, state, log, id } = exchange;
  const project = await projectIn(exchange, options);
  if (project === undefined || !mayConcern(project, options.before)) return exchange;
  const client = codec.read(request.json);
  if (!mayHaveTools(exchange, client, options.tools)) return exchange;
  const key = options.sessions.keyOf(exchange);
  const mcpPlace = { project, conversation: key ?? id };
  // Those of a command hold for its turn alone, and the list stays.
  const policy = callPolicyOf({ project, session: { commandRules: [] } }, exchange, 'client');
  const names = [...project.mcpServers].flatMap(([name, { source }]) =>
    isRunHere(source, exchange) ? [name] : [],
  );
  const isNewTurn = beginsTurn(exchange);
  const all = await options.offers.list({
    key: key === undefined ? undefined : `${agentOf(exchange)} ${key}`,
    ...{ place: mcpPlace, names },
    allows: allowedBy(denialsByName(project, policy)),
    isNewTurn,
    signal: exchange.signal,
  });
  if (isNewTurn) await noteMissing(exchange, { key, place: { ...mcpPlace, project }, names }, options);
  const tools = withoutClients(all, client, project);
  const isTheirs: IsTheirs = (server, group) => isClients(server, group, client, project);
  const groups = isSearched(tools, options) ? withSearch(serversIn(tools)) : serversIn(tools);
  const others = new Map([
    ...goneFrom(options.before.in(key), groups, exchange, isTheirs),
    ...othersOf(names, all, isTheirs),
  ]);
  if (tools.length === 0 && others.size === 0) return exchange;
  const callerId = exchange.caller.id ?? '';
  const place = { mcpPlace, hookPlace: state.get(placeKey), callerId, log };
  options.before.add(key, groups);
  const runner = createToolRunner({ tools, others }, place, options);
  state.set(toolRunnerKey, runner);
  const asked = { names: [...others.values()], place: { ...mcpPlace, project } };
  const missing = (): Promise<string> => options.serverNotes.forModel(asked);
  return tools.length === 0 ? exchange : withTools(exchange, tools, { runner, missing, codec, options });
}

/** Whether a project has servers, or may have had some that a conversation was offered. */
function mayConcern(project: ProjectSnapshot, before: OfferedBefore): boolean {
  return concernsServers(project) || !before.isEmpty;
}

/** Only a subagent has a name of its own. */
function agentOf(exchange: Exchange): string {
  return exchange.turn.kind === 'subagent' ? (clientFactsOf(exchange).agent?.id ?? '') : '';
}

interface OfferParts {
  readonly runner: CallRunner;
  /** What a model that searches is told of servers without tools. */
  readonly missing: () => Promise<string>;
  readonly codec: ToolsCodec;
  readonly options: OfferToolsOptions;
}

/** With tools, at least one, or with a search for them where they are too many. */
function withTools(
  exchange: Exchange,
  tools: readonly OfferedTool[],
  { runner, missing, codec, options }: OfferParts,
): Exchange {
  noteModel(exchange, tools, options);
  const isLong = isSearched(tools, options);
  if (isLong) exchange.state.set(toolRunnerKey, withToolSearch(runner, tools, missing));
  const definitions = isLong ? searchesOf(tools) : definitionsOf(tools);
  return { ...exchange, request: codec.withTools(exchange.request, definitions) };
}

/** Whether a model gets a search in the place of so many tools. */
function isSearched(
  tools: readonly OfferedTool[],
  { searchAboveTokens }: Pick<OfferToolsOptions, 'searchAboveTokens'>,
): boolean {
  return sizeOf(tools) > searchAboveTokens;
}

/** With the search as a server that has tools. */
const withSearch = remembered(
  (groups: ServersByGroup): ServersByGroup => new Map([...groups, [`mcp__${mcpId}`, mcpId]]),
);

/** Keeps by whom the model is called, where a server may ask it as well. */
function noteModel(
  exchange: Exchange,
  tools: readonly OfferedTool[],
  { asking }: Pick<OfferToolsOptions, 'asking'>,
): void {
  if ([...groupsOf(tools).keys()].some((server) => asking.maySample(server)))
    exchange.state.set(callerKey, modelCallerOf(exchange));
}

/** Which servers clients have themselves differs little. */
const maxLists = 20;

// Found out once for each list, which goes with every request of many conversations.
const sizeOf = remembered(tokensOf);
const searchesOf = remembered(searchDefinitions);
const definitionsOf = remembered((tools: readonly OfferedTool[]) =>
  tools.map(({ definition }) => definition),
);
const groupsOf = remembered(
  (tools: readonly OfferedTool[]) =>
    new Map(tools.map(({ server, definition: { group } }) => [server, group])),
);
const serversIn = remembered(
  (tools: readonly OfferedTool[]): ServersByGroup =>
    new Map(tools.map(({ server, definition: { group } }) => [group, server])),
);
const listsWithout = remembered(
  (_: readonly OfferedTool[]) => new BoundedMap<string, readonly OfferedTool[]>(maxLists),
);

function allowedBy(isDenied: ReturnType<typeof denialsByName>): OfferQuestion['allows'] {
  return isDenied && (({ ruleName }) => !isDenied(ruleName));
}

/** The stages before have found it out already, but for a client that names no conversation. */
function projectIn(
  exchange: Exchange,
  { folderUnread, projectNamed, projectOf }: OfferToolsOptions,
): Promise<ProjectSnapshot | undefined> {
  const folder = folderUnread(exchange);
  if (folder !== undefined) return projectNamed(exchange.caller.kind, folder.path);
  const conversation = Conversation.of(exchange.request);
  return conversation === undefined ? Promise.resolve(undefined) : projectOf(exchange, conversation);
}

/**
 * Whether a request is one of those that work with tools. What Codex and Claude Code ask without tools is for
 * themselves: titles, summaries. Who wants JSON and has no tools wants nothing but JSON.
 */
function mayHaveTools(
  { turn, client: { kind }, request }: Exchange,
  { count, isFree }: ClientTools,
  which: McpConfig['tools'],
): boolean {
  if (!isFree || turn.kind === 'title' || isCompactionCall(request.path)) return false;
  if (codecOf(request.api).request.isAnsweredLater(request.json)) return false;
  return count > 0 || (which === 'always' && kind === 'other' && !asksForJson(request));
}

/**
 * Without the tools of servers that the client has itself. Looked for once for each server, as its tools are one group: the
 * client's own tools are a long text.
 */
function withoutClients(
  tools: readonly OfferedTool[],
  client: ClientTools,
  project: ProjectSnapshot,
): readonly OfferedTool[] {
  if (client.hasGroup === undefined) return tools;
  const theirs = [...groupsOf(tools)].flatMap(([server, group]) =>
    isClients(server, group, client, project) ? [server] : [],
  );
  if (theirs.length === 0) return tools;
  const key = theirs.join('\n');
  const known = listsWithout(tools).get(key);
  if (known !== undefined) return known;
  const others = tools.filter(({ server }) => !theirs.includes(server));
  listsWithout(tools).set(key, others);
  return others;
}

/**
 * Whether a client has a server itself: as its own, or through our `/mcp`, where a client that names no folder gets all servers
 * but a project's.
 */
function isClients(
  server: string,
  group: string,
  { hasGroup }: ClientTools,
  { mcpServers }: ProjectSnapshot,
): boolean {
  if (hasGroup === undefined) return false;
  const scope = mcpServers.get(server)?.source.scope;
  const isEverywhere = scope === 'user' || scope === 'enterprise';
  return (isEverywhere && hasGroup(`mcp__${mcpId}`)) || hasGroup(group) || hasGroup(claudeGroup(server));
}

/** Whether a server, by its group, is one that the client has itself. */
type IsTheirs = (server: string, group: string) => boolean;

/**
 * The servers that a conversation was offered before and is not any more, but of those that the client may know by now: by its
 * tools, or by whatever else in its request has their name, a search that it made among them.
 */
function goneFrom(
  before: ServersByGroup,
  now: ServersByGroup,
  { received: { json } }: Exchange,
  isTheirs: IsTheirs,
): ServersByGroup {
  if (before.size === 0) return before;
  const gone = [...before].filter(
    ([group, server]) =>
      !now.has(group) &&
      !isTheirs(server, group) &&
      ![`"${group}"`, `"${joinedName({ group, tool: '' })}`].some((name) => json.includes(name)),
  );
  return new Map(gone);
}

/** The servers of which no tool is known, but of those that the client has. */
function othersOf(
  names: readonly string[],
  known: readonly OfferedTool[],
  isTheirs: IsTheirs,
): ServersByGroup {
  const groups = groupsOf(known);
  const others = names.flatMap((server): [string, string][] => {
    if (groups.has(server)) return [];
    const group = groupOf(server, names);
    return isTheirs(server, group) ? [] : [[group, server]];
  });
  return new Map(others);
}

/** What stands in whatever is a message, or stands behind one: its letters may be written as escapes. */
const messageSigns = /"role"|"configuration_update"|\\u00/;

function beginsTurn({ request }: Exchange): boolean {
  const conversation = Conversation.of(request);
  if (conversation === undefined) return false;
  // Within a turn the last item is mostly the output of a tool, and long.
  const last = conversation.bytesAt(conversation.length - 1).toString('latin1');
  if (last.startsWith('{') && !messageSigns.test(last)) return false;
  return newestUserPrompt(conversation, request.api) !== undefined;
}
