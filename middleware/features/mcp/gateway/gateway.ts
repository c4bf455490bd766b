import type {
  CallToolResult,
  CompleteResult,
  GetPromptResult,
  Prompt,
  ReadResourceResult,
  Resource,
  ResourceTemplateType,
  Tool,
} from '@modelcontextprotocol/client';
import type { Log } from '../../../kernel/log.ts';
import type { CallOutcome } from '../mcp-failure.ts';
import type { McpServers } from '../mcp-servers.ts';
import type { GatewayClient, GatewayResult } from './forward-request.ts';
import {
  completeAtServer,
  gatewayPrompt,
  gatewayPrompts,
  gatewayResources,
  gatewayTemplates,
  readGatewayResource,
  type Asked,
  type FoundResource,
} from './gateway-contents.ts';
import { DecidedCalls } from './decided-calls.ts';
import { hearServers, watchResource, type GatewayListener } from './gateway-events.ts';
import type { PrefixMode } from './gateway-names.ts';
import { callGatewayTool, gatewayTools } from './gateway-tools.ts';
import { KnownLists } from './known-lists.ts';
import { ListedNames } from './listed-names.ts';
import { ParkedCalls } from './parked-calls.ts';

interface GatewayOptions {
  readonly servers: Pick<McpServers, 'use' | 'usable' | 'listen' | 'current' | 'heed' | 'launchKey'>;
  readonly prefix: PrefixMode;
  /** Names of tools that are ours. */
  readonly reserved: ReadonlySet<string>;
  readonly log: Log;
  readonly now: () => number;
  /** Hears how each call ended. */
  readonly onCall: (outcome: CallOutcome, server: string) => void;
}

type Given<Result> = Promise<GatewayResult<Result> | undefined>;

/** The servers of others, as one server. `undefined` where no server has what is asked for. */
export interface Gateway {
  readonly tools: (client: GatewayClient) => Promise<readonly Tool[]>;
  /** A server that fails is told in a result; what it answers with an error of the protocol is thrown. */
  readonly callTool: (name: string, asked: Asked) => Given<CallToolResult>;
  readonly prompts: (client: GatewayClient) => Promise<readonly Prompt[]>;
  readonly prompt: (name: string, asked: Asked) => Given<GetPromptResult>;
  readonly resources: (client: GatewayClient) => Promise<readonly Resource[]>;
  readonly templates: (client: GatewayClient) => Promise<readonly ResourceTemplateType[]>;
  readonly read: (uri: string, asked: Asked) => Given<ReadResourceResult>;
  readonly complete: (asked: Asked) => Promise<CompleteResult | undefined>;
  /** The names of the servers that a client may use. */
  readonly usable: McpServers['usable'];
  /** Hears what the servers of a client tell by themselves; returns how to stop. */
  readonly hear: (client: Parameters<typeof hearServers>[0], listener: GatewayListener) => () => void;
  /** Has changes of a resource told until the signal is aborted, and says which it is; `undefined` where no server has it. */
  readonly watch: (
    uri: string,
    by: { readonly client: GatewayClient; readonly signal: AbortSignal },
  ) => Promise<FoundResource | undefined>;
  readonly close: () => void;
}

/** Of the calls that wait for an answer of their client. */
const maxParked = 256;
const answerMs = 600_000;
/** Clients give up on a server whose list takes longer than about ten seconds. */
const listMs = 5_000;

export function createGateway(options: GatewayOptions): Gateway {
  const { servers, log, now } = options;
  const parked = new ParkedCalls<unknown>({ maxCalls: maxParked, waitMs: answerMs, log });
  const decided = new DecidedCalls({ maxCalls: maxParked, waitMs: answerMs, now });
  const lists = { servers, waitMs: listMs, known: new KnownLists() };
  const parts = { ...options, parked, decided, lists, names: new ListedNames() };
  return {
    tools: (client) => gatewayTools(client, parts),
    callTool: (name, asked) => callGatewayTool(name, asked, parts),
    prompts: (client) => gatewayPrompts(client, parts),
    prompt: (name, asked) => gatewayPrompt(name, asked, parts),
    resources: (client) => gatewayResources(client, parts),
    templates: (client) => gatewayTemplates(client, parts),
    read: (uri, asked) => readGatewayResource(uri, asked, parts),
    complete: (asked) => completeAtServer(asked, parts),
    usable: servers.usable,
    hear: (client, listener) => hearServers(client, listener, servers),
    watch: (uri, by) => watchResource(uri, by, parts),
    close: () => {
      parked.close();
    },
  };
}
