import {
  CLIENT_CAPABILITIES_META_KEY,
  McpServer,
  ProtocolError,
  ProtocolErrorCode,
  type InputRequest,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { abilitiesOf } from '../../features/mcp/client/abilities.ts';
import { nowhereText } from '../../features/mcp/contents/no-resource.ts';
import type { GatewayClient, GatewayRequest } from '../../features/mcp/gateway/forward-request.ts';
import type { Gateway } from '../../features/mcp/gateway/gateway.ts';
import { logLevelKey, logLevelOf, severityOf, type LogLevel } from '../../features/mcp/client/log-levels.ts';
import { roughSize } from '../../kernel/bounds/rough-size.ts';
import { visibleLine } from '../../kernel/visible-text.ts';
import type { Caller } from '../../kernel/exchange.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';
import type { OwnTool } from '../own-tools/own-tool.ts';
import { callOwnTool } from './call-own-tool.ts';
import type { ErrorCodes } from './error-codes.ts';
import { passedFault, passedResourceFault, resourceNotFound, type FaultOf } from './passed-fault.ts';
import type { ResourceWatches } from './resource-watches.ts';
import type { WatchedNames } from './watched-names.ts';

export interface GatewayServerOptions {
  readonly gateway: Gateway;
  readonly ownTools: readonly OwnTool[];
  readonly version: string;
}

/** Whom a server instance of ours serves. */
export interface Served {
  readonly caller: Caller;
  /** The same for all requests of one client. */
  readonly id: string;
  /** As of now. */
  readonly project: () => ProjectSnapshot | undefined;
  /** As of now: settings may change. `undefined` for a caller without a project, who has our own tools only. */
  readonly client: () => Omit<GatewayClient, 'abilities'> | undefined;
  /** What the client declared when its session began; later requests say it themselves. */
  readonly declared?: unknown;
  /** The resources that a session wants to hear of. */
  readonly watches?: ResourceWatches;
  /** What its client calls the resources that it hears of. */
  readonly names: WatchedNames;
  /** Of a client of the older protocol. */
  readonly codes?: ErrorCodes;
}

const capabilities = {
  tools: { listChanged: true },
  prompts: { listChanged: true },
  resources: { listChanged: true, subscribe: true },
  completions: {},
  logging: {},
};

/** Of what is told about one request, in characters: a client that does not read it has it kept here. */
const maxNews = 4 * 1024 * 1024;

/** How long a client that is asked something has for it, without a sign of life. */
const answerMs = 600_000;

/** For all kinds of questions: the SDK goes by the method. */
type Elicitation = Extract<InputRequest, { readonly method: 'elicitation/create' }>;

/** A request and whom it comes from. */
interface Asked {
  readonly client: GatewayClient;
  readonly request: GatewayRequest;
}

/** What is told of a request by the SDK. */
type AskedOf = (params: object | undefined, ctx: ServerContext) => Promise<Asked | undefined>;

/** Our endpoint as the SDK serves it: for one request, or for one session of the older protocol. */
export function createGatewayServer(served: Served, options: GatewayServerOptions): McpServer {
  const mcp = new McpServer({ name: 'codex-plus', version: options.version }, { capabilities });
  let level: LogLevel = 'info';
  mcp.server.setRequestHandler('logging/setLevel', ({ params }) => {
    level = params.level;
    return {};
  });
  const askedOf: AskedOf = async (params, ctx) => {
    const client = served.client();
    const request = requestOf({ ...params }, ctx, { level, hasSession: served.watches !== undefined });
    // It comes again with what its user said, for which the SDK asks an older client while its request waits.
    const isAgain = request.answers !== undefined || request.state !== undefined;
    const now = isAgain ? await client?.now() : client;
    if (client === undefined || now === undefined) return undefined;
    const declared = inEnvelope(ctx, CLIENT_CAPABILITIES_META_KEY) ?? served.declared;
    return { client: { ...client, ...now, abilities: abilitiesOf(declared) }, request };
  };
  const faultOf = ({ mcpReq: { id, signal } }: ServerContext): FaultOf => ({
    id,
    signal,
    codes: served.codes,
  });
  const parts = { askedOf, faultOf, ...options };
  addTools(mcp, { served, ...parts });
  addPrompts(mcp, parts);
  addResources(mcp, parts);
  const { watches, names } = served;
  if (watches !== undefined) addWatches(mcp, { watches, names, ...parts });
  return mcp;
}

interface HandlerParts extends Pick<GatewayServerOptions, 'gateway'> {
  readonly askedOf: AskedOf;
  readonly faultOf: (ctx: ServerContext) => FaultOf;
}

function addTools(
  { server }: McpServer,
  {
    askedOf,
    faultOf,
    gateway,
    ownTools,
    served,
  }: HandlerParts & Pick<GatewayServerOptions, 'ownTools'> & { readonly served: Served },
): void {
  server.setRequestHandler('tools/list', async ({ params }, ctx) => {
    const asked = await askedOf(params, ctx);
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- It knows both protocols, and a session's name for later requests.
    const name = server.getClientVersion()?.name ?? '';
    const listed = ownTools.filter(({ isListed }) => isListed?.(name) ?? true);
    const own = listed.map(({ call: _call, isListed: _isListed, ...told }) => told);
    const others = asked === undefined ? [] : await gateway.tools(asked.client);
    // Both types are of the same schema of the protocol.
    return { tools: [...own, ...others] as never };
  });
  server.setRequestHandler('tools/call', async ({ params }, ctx) => {
    const own = ownTools.find(({ name }) => name === params.name);
    if (own !== undefined) {
      const { caller, project, id } = served;
      const by = { caller, project: project(), session: id, signal: ctx.mcpReq.signal };
      return await callOwnTool(own, params.arguments ?? {}, by);
    }
    const asked = await askedOf(params, ctx);
    const result = asked && (await passedFault(gateway.callTool(params.name, asked), faultOf(ctx)));
    return result ?? unknown(`tool "${params.name}"`, 'tools/list');
  });
}

function addPrompts({ server }: McpServer, { askedOf, faultOf, gateway }: HandlerParts): void {
  server.setRequestHandler('prompts/list', async ({ params }, ctx) => {
    const asked = await askedOf(params, ctx);
    return { prompts: asked === undefined ? [] : [...(await gateway.prompts(asked.client))] };
  });
  server.setRequestHandler('prompts/get', async ({ params }, ctx) => {
    const asked = await askedOf(params, ctx);
    const result = asked && (await passedFault(gateway.prompt(params.name, asked), faultOf(ctx)));
    return result ?? unknown(`prompt "${params.name}"`, 'prompts/list');
  });
  server.setRequestHandler('completion/complete', async ({ params }, ctx) => {
    const asked = await askedOf(params, ctx);
    const { ref } = params;
    const result = asked && (await passedFault(gateway.complete(asked), faultOf(ctx)));
    if (result !== undefined) return result;
    return 'name' in ref
      ? unknown(`prompt "${ref.name}"`, 'prompts/list')
      : unknown(`resource template "${ref.uri}"`, 'resources/templates/list');
  });
}

function addResources({ server }: McpServer, { askedOf, faultOf, gateway }: HandlerParts): void {
  server.setRequestHandler('resources/list', async ({ params }, ctx) => {
    const asked = await askedOf(params, ctx);
    return { resources: asked === undefined ? [] : [...(await gateway.resources(asked.client))] };
  });
  server.setRequestHandler('resources/templates/list', async ({ params }, ctx) => {
    const asked = await askedOf(params, ctx);
    return { resourceTemplates: asked === undefined ? [] : [...(await gateway.templates(asked.client))] };
  });
  server.setRequestHandler('resources/read', async ({ params }, ctx) => {
    const asked = await askedOf(params, ctx);
    const { uri } = params;
    const of = faultOf(ctx);
    const result = asked && (await passedResourceFault(gateway.read(uri, asked), uri, of));
    if (result === undefined) throw resourceNotFound(nowhereText(uri), { uri }, of);
    return result;
  });
}

/** Only the older protocol asks for it in this way; the newer one has a stream for it. */
function addWatches(
  { server }: McpServer,
  { askedOf, faultOf, gateway, watches, names }: HandlerParts & Pick<Required<Served>, 'watches' | 'names'>,
): void {
  const beginning = new Map<string, ReturnType<Gateway['watch']>>();
  const begin = async (uri: string, client: GatewayClient | undefined): ReturnType<Gateway['watch']> => {
    const signal = watches.add(uri);
    try {
      const found = client && (await gateway.watch(uri, { client, signal }));
      if (found === undefined) watches.giveUp(uri, signal);
      else names.add(uri, found, signal);
      return found;
    } catch (error) {
      watches.giveUp(uri, signal);
      throw error;
    }
  };
  server.setRequestHandler('resources/subscribe', async ({ params }, ctx) => {
    const { uri } = params;
    const client = (await askedOf(params, ctx))?.client;
    const isNew = !watches.has(uri);
    const begun = isNew ? begin(uri, client) : beginning.get(uri);
    // It is watched already.
    if (begun === undefined) return {};
    if (isNew) beginning.set(uri, begun);
    const of = faultOf(ctx);
    const found = await passedResourceFault(begun, uri, of).finally(() => {
      if (beginning.get(uri) === begun) beginning.delete(uri);
    });
    if (found === undefined) throw resourceNotFound(nowhereText(uri), { uri }, of);
    return {};
  });
  server.setRequestHandler('resources/unsubscribe', ({ params: { uri } }) => {
    watches.delete(uri);
    return {};
  });
}

function unknown(what: string, list: string): never {
  const message = `There is no ${visibleLine(what, 300)} here; ${list} tells which there are`;
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, message);
}

/** What a request of the newer protocol says of itself. */
function inEnvelope({ mcpReq: { envelope } }: ServerContext, key: string): unknown {
  return (envelope as JsonObject | undefined)?.[key];
}

/** What a client of the older protocol says for all of its requests. */
interface SessionSays {
  /** In one a client is asked while its request goes on. */
  readonly hasSession: boolean;
  /** From which level on it wants to read logs. */
  readonly level: LogLevel;
}

/** A request as it is passed on. */
function requestOf(
  params: JsonObject,
  ctx: ServerContext,
  { level, hasSession }: SessionSays,
): GatewayRequest {
  const { mcpReq } = ctx;
  const { progressToken, ...meta } = mcpReq._meta ?? {};
  const asked = inEnvelope(ctx, logLevelKey);
  const logLevel = mcpReq.envelope === undefined ? level : logLevelOf(asked);
  let left = maxNews;
  const tell = (method: 'notifications/progress' | 'notifications/message', news: object): void => {
    left -= roughSize(news);
    // A notification whose client is gone is no fault.
    if (left >= 0) mcpReq.notify({ method, params: { ...news } }).catch(() => undefined);
  };
  return {
    params: { ...params, _meta: meta },
    ...{ logLevel, signal: mcpReq.signal, answers: mcpReq.inputResponses },
    state: mcpReq.requestState<string>(),
    ask: hasSession
      ? (question, signal) =>
          mcpReq.send(question as Elicitation, {
            ...{ signal, timeout: answerMs },
            ...{ resetTimeoutOnProgress: true, onprogress: () => undefined },
          })
      : undefined,
    onProgress:
      progressToken === undefined
        ? undefined
        : (progress) => {
            tell('notifications/progress', { ...progress, progressToken });
          },
    onLog: (message) => {
      if (severityOf(message.level) < severityOf(logLevel)) return;
      tell('notifications/message', message);
    },
  };
}
