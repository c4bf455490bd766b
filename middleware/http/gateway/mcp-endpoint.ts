import { toNodeHandler } from '@modelcontextprotocol/node';
import {
  CLIENT_CAPABILITIES_META_KEY,
  createMcpHandler,
  isInitializeRequest,
  isLegacyRequest,
} from '@modelcontextprotocol/server';
import { Router } from 'express';
import type { Abilities } from '../../features/mcp/client/abilities.ts';
import type { CallGuard } from '../../features/mcp/gateway/call-guard.ts';
import { ownEndpoint } from '../../features/mcp/transport/own-endpoint.ts';
import { FairMap } from '../../kernel/bounds/fair-map.ts';
import { isTextWithinDepth } from '../../kernel/bounds/is-text-within-depth.ts';
import type { RawHeaders } from '../../kernel/headers.ts';
import { isJsonObject, parseJson, type JsonObject } from '../../kernel/json-object.ts';
import type { Log } from '../../kernel/log.ts';
import type { GuardedClient } from '../../pipeline/hooks/guard-mcp-calls.ts';
import { callerIn, nameOf, type EndpointCaller } from './endpoint-caller.ts';
import { follow, hearer, servedIn, type View } from './client-view.ts';
import { createGatewayServer, type GatewayServerOptions } from './gateway-server.ts';
import { olderServer } from './older-server.ts';
import { folderRefusal } from './folder-refusal.ts';
import { Hearing } from './hearing.ts';
import { LegacySessions } from './legacy-sessions.ts';
import { maxDepth, noPage, noSession, tooDeep } from './refusals.ts';
import { ErrorCodes } from './error-codes.ts';
import { ResourceWatches } from './resource-watches.ts';
import { WatchedNames } from './watched-names.ts';
import { watchListened } from './watch-listened.ts';
import { withEnd } from './with-end.ts';
import { withFlushedHead } from './with-flushed-head.ts';

export interface McpEndpointOptions extends GatewayServerOptions {
  /** `workspace`: the folder that the address names. */
  readonly callerOf: (
    headers: RawHeaders,
    workspace: string | undefined,
  ) => Promise<EndpointCaller | undefined>;
  readonly guardOf: (client: GuardedClient) => CallGuard;
  readonly log: Log;
}

/** Our servers and those of others at one address. */
export interface McpEndpoint {
  readonly router: Router;
  /** Marks its answers, also those for callers who may not use it. */
  readonly mark: Router;
  /** Ends the streams that wait for news, which nobody would end otherwise. */
  readonly drain: () => void;
  readonly close: () => Promise<void>;
}

interface StatelessView extends View {
  readonly handler: ReturnType<typeof createMcpHandler>;
}

interface EndpointParts {
  readonly sessions: LegacySessions<View>;
  readonly views: FairMap<StatelessView>;
  readonly options: McpEndpointOptions;
  /** Aborted when nothing new is taken any more. */
  readonly draining: AbortSignal;
}

const maxSessions = 1_000;
const sessionIdleMs = 30 * 60_000;
const maxViews = 256;

/**
 * `/mcp`: our own tools, and all that MCP servers of the user and of a project offer, over Streamable HTTP, for clients of the
 * present protocol and of those before it, with or without a session.
 */
export function createMcpEndpoint(options: McpEndpointOptions): McpEndpoint {
  const { log } = options;
  const draining = new AbortController();
  const parts: EndpointParts = {
    ...{ options, draining: draining.signal },
    sessions: new LegacySessions<View>({ maxSessions, idleMs: sessionIdleMs, log }),
    views: new FairMap<StatelessView>({
      maxEntries: maxViews,
      ownerOf: (view) => [callerIn(view.of)],
      onDropped: (view) => {
        log.warn('streams at /mcp were ended, as their caller has too many projects', {
          caller: callerIn(view.of),
        });
        void endView(view);
      },
    }),
  };
  const serve = toNodeHandler(
    { fetch: (request) => answer(request, parts) },
    {
      onerror: (error) => {
        log.warn('a call at /mcp failed', { error });
      },
    },
  );
  const mark = Router();
  mark.all('/mcp', (_req, res, next) => {
    res.setHeader(ownEndpoint.header, ownEndpoint.id);
    next();
  });
  const router = Router();
  router.all('/mcp', async (req, res) => {
    await serve(req, withFlushedHead(res));
  });
  return {
    ...{ router, mark },
    drain: () => {
      draining.abort();
      parts.sessions.endStreams();
    },
    close: async () => {
      options.gateway.close();
      parts.sessions.close();
      await Promise.all([...parts.views].map(([, view]) => endView(view)));
    },
  };
}

async function endView({ handler, hearing }: StatelessView): Promise<void> {
  hearing.end();
  await handler.close();
}

async function answer(request: Request, parts: EndpointParts): Promise<Response> {
  const workspace = new URL(request.url).searchParams.get('project') ?? undefined;
  const of = await parts.options.callerOf([...request.headers].flat(), workspace);
  if (of === undefined) throw new Error('whose call this is cannot be told');
  const refusal = await folderRefusal(workspace, of.caller);
  if (refusal !== undefined) return refusal;
  const text = request.method === 'POST' ? await request.clone().text() : '';
  if (!isTextWithinDepth(text, maxDepth)) return tooDeep();
  const body = parseJson(text);
  const inOne = await inSession(request, body, of, parts);
  if (inOne !== undefined) return inOne;
  if (request.method === 'GET') return noPage();
  const view = viewOf(of, parts);
  follow(view, of, inEnvelope(body));
  if (!isJsonObject(body) || body['method'] !== 'subscriptions/listen')
    return await view.handler.fetch(request, { parsedBody: body });
  return await listen(request, body, view, parts);
}

/** A stream of the newer protocol, with the resources that it tells of watched for as long as it is open. */
async function listen(
  request: Request,
  body: JsonObject,
  view: StatelessView,
  { options, draining }: EndpointParts,
): Promise<Response> {
  const signal = AbortSignal.any([request.signal, draining]);
  // It may be refused, and end by itself.
  const over = new AbortController();
  const client = servedIn(view, { id: nameOf(view.of), session: undefined, options }).client();
  const parsedBody = await watchListened(body, {
    watch: async (uri, until) => {
      const by = client && { signal: until, client: { ...client, abilities: noAbilities } };
      const found = by && (await options.gateway.watch(uri, by));
      if (found !== undefined) view.names.add(uri, found, until);
      return found !== undefined;
    },
    signal: AbortSignal.any([signal, over.signal]),
    log: options.log,
  });
  try {
    const response = await view.handler.fetch(new Request(request, { signal }), { parsedBody });
    if (!response.ok) over.abort();
    return withEnd(response, () => {
      over.abort();
    });
  } catch (error) {
    over.abort();
    throw error;
  }
}

/** What a request of the newer protocol says that its client can be asked. */
function inEnvelope(body: unknown): unknown {
  const { params } = isJsonObject(body) ? body : {};
  const { _meta: meta } = isJsonObject(params) ? params : {};
  return isJsonObject(meta) ? meta[CLIENT_CAPABILITIES_META_KEY] : undefined;
}

/** The answer to what belongs to a session, or begins one; `undefined` for any other request. */
async function inSession(
  request: Request,
  body: unknown,
  of: EndpointCaller,
  { sessions, options }: EndpointParts,
): Promise<Response | undefined> {
  const id = request.headers.get('mcp-session-id');
  const begins = id === null && isInitializeRequest(body);
  if ((id === null && !begins) || !(await isLegacyRequest(request, body))) return undefined;
  const asked = { owner: nameOf(of), caller: callerIn(of), request, parsedBody: body };
  if (id !== null) {
    const session = sessions.find(id, asked.owner);
    if (session === undefined) return noSession();
    follow(session.parts, of, session.parts.declared);
    return await sessions.serve(session, asked);
  }
  return await sessions.open(asked, (session) =>
    newSession(session, { of, options, declared: begins ? body.params.capabilities : undefined }),
  );
}

interface SessionStart {
  readonly of: EndpointCaller;
  readonly declared: unknown;
  readonly options: McpEndpointOptions;
}

function newSession(
  id: string,
  { of, declared, options }: SessionStart,
): ReturnType<Parameters<LegacySessions<View>['open']>[1]> {
  const watches = new ResourceWatches();
  const names = new WatchedNames();
  const codes = new ErrorCodes();
  const tell = (told: Promise<void>): void => {
    // A client that does not listen misses it.
    told.catch(() => undefined);
  };
  const hearing = new Hearing(options.gateway, hearer(of, id, options), {
    onChanged: (what) => {
      const { server } = mcp;
      if (what === 'tools') tell(server.sendToolListChanged());
      else if (what === 'prompts') tell(server.sendPromptListChanged());
      else tell(server.sendResourceListChanged());
    },
    onUpdated: (resource) => {
      for (const uri of names.of(resource)) tell(mcp.server.sendResourceUpdated({ uri }));
    },
  });
  const view: View = { of, hearing, names, declared };
  const mcp = createGatewayServer(
    { ...servedIn(view, { id, session: id, options }), declared, watches, codes },
    options,
  );
  follow(view, of, declared);
  return {
    server: mcp,
    parts: view,
    codeOf: (request) => codes.of(request),
    onAnswered: (request) => {
      codes.end(request);
    },
    end: () => {
      watches.clear();
      hearing.end();
    },
  };
}

/** All that one caller asks about one project without a session. */
function viewOf(of: EndpointCaller, { views, options }: EndpointParts): StatelessView {
  const name = nameOf(of);
  const known = views.get(name);
  if (known !== undefined) return known;
  const handler = createMcpHandler(
    ({ era }) => {
      const parts = servedIn(view, { id: name, session: undefined, options });
      return era === 'legacy' ? olderServer(parts, options) : createGatewayServer(parts, options);
    },
    {
      onerror: (error) => {
        options.log.debug('a request at /mcp was refused', { error });
      },
    },
  );
  const { notify } = handler;
  const names = new WatchedNames();
  const hearing = new Hearing(options.gateway, hearer(of, name, options), {
    onChanged: (what) => {
      if (what === 'tools') notify.toolsChanged();
      else if (what === 'prompts') notify.promptsChanged();
      else notify.resourcesChanged();
    },
    onUpdated: (resource) => {
      for (const uri of names.of(resource)) notify.resourceUpdated(uri);
    },
  });
  const view: StatelessView = { of, handler, hearing, names };
  views.set(name, view);
  return view;
}

const noAbilities: Abilities = {};
