import {
  isInputRequiredResult,
  ProtocolError,
  ProtocolErrorCode,
  type CallToolResult,
  type Tool,
} from '@modelcontextprotocol/client';
import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import type { Log } from '../../../kernel/log.ts';
import { McpFailure, NoSuchTool, outcomeOfError, type CallOutcome } from '../mcp-failure.ts';
import type { McpServers } from '../mcp-servers.ts';
import { isTaskOnly } from '../definitions/is-task-only.ts';
import { boundedResult } from './bounded-result.ts';
import type { GuardedCall } from './call-guard.ts';
import { decideGatewayCall } from './decide-gateway-call.ts';
import type { DecidedCalls } from './decided-calls.ts';
import { findNamed } from './find-named.ts';
import {
  forwardRequest,
  runRequest,
  type GatewayClient,
  type GatewayRequest,
  type GatewayResult,
  type RequestParts,
} from './forward-request.ts';
import { gatewayNames, type FoundName, type Named, type Offered, type PrefixMode } from './gateway-names.ts';
import type { ListedNames } from './listed-names.ts';
import type { ParkedCalls } from './parked-calls.ts';
import { listedBefore, serverLists, type ServerListsOptions } from './server-lists.ts';

export interface GatewayToolsOptions {
  readonly servers: Pick<McpServers, 'use' | 'launchKey'>;
  readonly lists: ServerListsOptions;
  readonly names: ListedNames;
  readonly parked: ParkedCalls<unknown>;
  readonly decided: DecidedCalls;
  readonly prefix: PrefixMode;
  /** Names of tools that are ours. */
  readonly reserved: ReadonlySet<string>;
  readonly log: Log;
  readonly now: () => number;
  /** Hears how each call ended. */
  readonly onCall: (outcome: CallOutcome, server: string) => void;
}

/** The tools of all servers, without those that rules keep from the client. */
export async function gatewayTools(
  client: GatewayClient,
  options: GatewayToolsOptions,
): Promise<readonly Tool[]> {
  const lists = await allowedTools(client, options, serverLists);
  const named = toolNames(lists, client, options);
  options.names.keep('tools', client, lists, named);
  return named.map(({ name, item }) => ({ ...item, name }));
}

/** One that rules keep from the client, or that can be called as a task alone, takes no name from another. */
async function allowedTools(
  client: GatewayClient,
  options: GatewayToolsOptions,
  listsOf: typeof serverLists,
): Promise<readonly Offered<Tool>[]> {
  const lists = await listsOf('tools', client, options.lists);
  return lists.map((list) => ({
    ...list,
    items: list.items.filter((item) => !isTaskOnly(item) && !client.guard.isDenied(list.server, item.name)),
  }));
}

function toolNames(
  lists: readonly Offered<Tool>[],
  client: GatewayClient,
  { prefix, reserved, names }: GatewayToolsOptions,
): readonly Named<Tool>[] {
  return gatewayNames(lists, { prefix, reserved, staying: names.staying('tools', client, lists) });
}

/** Calls a tool; `undefined` where no server has one of that name. What goes wrong with a server is a result. */
export async function callGatewayTool(
  name: string,
  asked: { readonly request: GatewayRequest; readonly client: GatewayClient },
  options: GatewayToolsOptions,
): Promise<GatewayResult<CallToolResult> | undefined> {
  const { client } = asked;
  const found = await findNamed(name, client.place, options.prefix, {
    told: options.names.find('tools', name, client),
    before: async () => toolNames(await allowedTools(client, options, listedBefore), client, options),
    now: async () => toolNames(await allowedTools(client, options, serverLists), client, options),
  });
  if (found === undefined) return undefined;
  return await runRequest(`tools/call ${name}`, asked, options.parked, (parts) =>
    guarded(found, parts, options),
  );
}

/** The whole of a call: what rules and hooks say before it, the call, what hooks say behind it; with its line in the log. */
async function guarded(
  { server, name: tool }: FoundName,
  parts: RequestParts,
  options: GatewayToolsOptions,
): Promise<GatewayResult<CallToolResult>> {
  const { request, running } = parts;
  const { signal } = running;
  const input = inputIn(request.params);
  const sent = { client: parts.client, server, tool, input, state: request.state };
  const decided = await decideGatewayCall(sent, parts, options);
  if ('refused' in decided) return errorResult(decided.refused);
  const { id, client } = decided;
  const made = { id, server, tool, input: decided.input };
  const { value, durationMs } = await told(made, { ...parts, client }, options);
  if (value instanceof ProtocolError) {
    const { content } = await client.guard.after(made, errorResult(value.message), { durationMs, signal });
    throw new ProtocolError(value.code, textOf(content), value.data);
  }
  if (isInputRequiredResult(value)) {
    const changed = made.input === input ? undefined : made.input;
    const launch = options.servers.launchKey(server, client.place.project);
    options.decided.keep({ ...sent, state: value.requestState }, { id, input: changed, launch });
    return value;
  }
  return await client.guard.after(made, value, { durationMs, signal });
}

function inputIn({ arguments: input }: JsonObject): JsonObject {
  return isJsonObject(input) ? input : {};
}

interface Told {
  readonly value: GatewayResult<CallToolResult> | ProtocolError;
  readonly durationMs: number;
}

/** What goes wrong with a server is for the model to read; what a server answers with an error of the protocol is the client's. */
async function told(
  { server, tool, input }: GuardedCall,
  parts: RequestParts,
  { servers, log, now, onCall }: GatewayToolsOptions,
): Promise<Told> {
  const began = now();
  const tell = (outcome: CallOutcome | 'asked'): number => {
    const durationMs = Math.round(now() - began);
    const { name: caller } = parts.client;
    log.info('a tool of an MCP server was called', { caller, server, tool, outcome, ms: durationMs });
    if (outcome !== 'asked') onCall(outcome, server);
    return durationMs;
  };
  try {
    const target = { server, what: `tool "${tool}"`, method: 'tools/call' as const };
    const value = await forwardRequest(
      {
        ...target,
        params: { name: tool, arguments: input },
        finish: (result, { maxTokens }) => boundedResult(result, maxTokens),
      },
      parts,
      servers,
    );
    const outcome = isInputRequiredResult(value) ? 'asked' : value.isError === true ? 'tool_error' : 'ok';
    return { value, durationMs: tell(outcome) };
  } catch (error) {
    const durationMs = tell(outcomeOfError(error, parts.running.signal));
    if (error instanceof ProtocolError) return { value: error, durationMs };
    if (error instanceof NoSuchTool) return { value: unknownTool(error), durationMs };
    if (!(error instanceof McpFailure)) throw error;
    return { value: errorResult(error.message), durationMs };
  }
}

/** As of a name that no server has. */
function unknownTool({ message }: NoSuchTool): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.InvalidParams, `${message}; tools/list tells which there are`);
}

function textOf(content: CallToolResult['content']): string {
  return content.map((block) => (block.type === 'text' ? block.text : '')).join('\n');
}

function errorResult(text: string): CallToolResult {
  return { content: [{ type: 'text', text }], isError: true };
}
