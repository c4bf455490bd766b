import {
  CLIENT_CAPABILITIES_META_KEY,
  fromJsonSchema,
  McpServer,
  ProtocolError,
  ProtocolErrorCode,
  type CallToolResult,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { abilitiesOf } from '../../features/mcp/client/abilities.ts';
import type { Gateway, GatewayClient, GatewayRequest } from '../../features/mcp/gateway/gateway.ts';
import { logLevelKey, logLevelOf, severityOf, type LogLevel } from '../../features/mcp/client/log-levels.ts';
import type { Caller } from '../../kernel/exchange.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import type { OwnTool } from '../own-tools/own-tool.ts';
import { passedFault } from './passed-fault.ts';

export interface GatewayServerOptions {
  readonly gateway: Gateway;
  readonly ownTools: readonly OwnTool[];
  readonly version: string;
}

/** Whom a server instance of ours serves. */
export interface Served {
  readonly caller: Caller;
  /** As of now: settings may change. `undefined` for a caller without a project, who has our own tools only. */
  readonly client: () => Omit<GatewayClient, 'abilities'> | undefined;
  /** What the client declared when its session began; later requests say it themselves. */
  readonly declared?: unknown;
}

/** Our endpoint as the SDK serves it: for one request, or for one session of the older protocol. */
export function createGatewayServer(served: Served, options: GatewayServerOptions): McpServer {
  const { gateway, ownTools, version } = options;
  const mcp = new McpServer(
    { name: 'codex-plus', version },
    { capabilities: { tools: { listChanged: true }, logging: {} } },
  );
  const { server } = mcp;
  let level: LogLevel = 'info';
  server.setRequestHandler('logging/setLevel', ({ params }) => {
    level = params.level;
    return {};
  });
  const clientIn = (ctx: ServerContext): GatewayClient | undefined => {
    const client = served.client();
    const declared = inEnvelope(ctx, CLIENT_CAPABILITIES_META_KEY) ?? served.declared;
    return client && { ...client, abilities: abilitiesOf(declared) };
  };
  server.setRequestHandler('tools/list', async (_request, ctx) => {
    const client = clientIn(ctx);
    const own = ownTools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
    const others = client === undefined ? [] : await gateway.tools(client);
    // Both types are of the same schema of the protocol.
    return { tools: [...own, ...others] as never };
  });
  server.setRequestHandler('tools/call', async ({ params }, ctx) => {
    const own = ownTools.find(({ name }) => name === params.name);
    if (own !== undefined) return await callOwn(own, params.arguments ?? {}, served.caller);
    const client = clientIn(ctx);
    const asked = requestOf({ ...params }, ctx, level);
    const result = client && (await passedFault(gateway.callTool(params.name, asked, client)));
    if (result === undefined)
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Tool ${params.name} not found`);
    return result;
  });
  return mcp;
}

async function callOwn(tool: OwnTool, input: JsonObject, caller: Caller): Promise<CallToolResult> {
  const checked = await fromJsonSchema<JsonObject>({ ...tool.inputSchema })['~standard'].validate(input);
  if (checked.issues !== undefined) {
    const issues = checked.issues.map(({ message }) => message).join('; ');
    throw new ProtocolError(
      ProtocolErrorCode.InvalidParams,
      `Invalid arguments for tool ${tool.name}: ${issues}`,
    );
  }
  try {
    return { content: [{ type: 'text', text: await tool.call(checked.value, caller) }] };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return { content: [{ type: 'text', text }], isError: true };
  }
}

/** What a request of the newer protocol says of itself. */
function inEnvelope({ mcpReq: { envelope } }: ServerContext, key: string): unknown {
  return (envelope as JsonObject | undefined)?.[key];
}

/** A request as it is passed on; `level`: from which on a session of the older protocol wants to read logs. */
function requestOf(params: JsonObject, ctx: ServerContext, level: LogLevel): GatewayRequest {
  const { mcpReq } = ctx;
  const { progressToken, ...meta } = mcpReq._meta ?? {};
  const asked = inEnvelope(ctx, logLevelKey);
  const logLevel = mcpReq.envelope === undefined ? level : logLevelOf(asked);
  return {
    params: { ...params, _meta: meta },
    ...{ logLevel, signal: mcpReq.signal, answers: mcpReq.inputResponses },
    state: mcpReq.requestState<string>(),
    onProgress:
      progressToken === undefined
        ? undefined
        : (progress) => {
            tell(mcpReq.notify({ method: 'notifications/progress', params: { ...progress, progressToken } }));
          },
    onLog: (message) => {
      if (severityOf(message.level) < severityOf(logLevel)) return;
      tell(mcpReq.notify({ method: 'notifications/message', params: { ...message } }));
    },
  };
}

/** A notification whose client is gone is no fault. */
function tell(sent: Promise<void>): void {
  sent.catch(() => undefined);
}
