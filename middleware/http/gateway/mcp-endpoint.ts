import { toNodeHandler } from '@modelcontextprotocol/node';
import {
  createMcpHandler,
  isInitializeRequest,
  isLegacyRequest,
  type McpHttpHandler,
} from '@modelcontextprotocol/server';
import { Router } from 'express';
import type { CallGuard } from '../../features/mcp/gateway/call-guard.ts';
import { BoundedMap } from '../../kernel/bounds/bounded-map.ts';
import type { Caller } from '../../kernel/exchange.ts';
import type { RawHeaders } from '../../kernel/headers.ts';
import { parseJson } from '../../kernel/json-object.ts';
import type { Log } from '../../kernel/log.ts';
import type { GuardedClient } from '../../pipeline/hooks/guard-mcp-calls.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';
import { createGatewayServer, type GatewayServerOptions, type Served } from './gateway-server.ts';
import { LegacySessions } from './legacy-sessions.ts';

/** Whose a request is, and the project that it is about. */
export interface EndpointCaller {
  readonly caller: Caller;
  /** `undefined` for a caller who may have none. */
  readonly project: ProjectSnapshot | undefined;
}

/** The same, as of the last request. */
interface View {
  of: EndpointCaller;
}

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
  readonly close: () => Promise<void>;
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
  const sessions = new LegacySessions<View>({ maxSessions, idleMs: sessionIdleMs, log });
  const views = new BoundedMap<string, View & { readonly handler: McpHttpHandler }>(maxViews, {
    ...{ maxSize: maxViews, sizeOf: () => 1 },
    onDropped: ({ handler }) => void handler.close(),
  });
  const serve = toNodeHandler(
    {
      fetch: async (request) => {
        const workspace = new URL(request.url).searchParams.get('project') ?? undefined;
        const of = await options.callerOf([...request.headers].flat(), workspace);
        if (of === undefined) throw new Error('whose call this is cannot be told');
        const body = request.method === 'POST' ? parseJson(await request.clone().text()) : undefined;
        return (
          (await inSession(request, body, of, { sessions, options })) ??
          (await viewOf(of, views, options).fetch(request, { parsedBody: body }))
        );
      },
    },
    {
      onerror: (error) => {
        log.warn('a call at /mcp failed', { error });
      },
    },
  );
  const router = Router();
  router.all('/mcp', async (req, res) => {
    await serve(req, res);
  });
  return {
    router,
    close: async () => {
      options.gateway.close();
      sessions.close();
      await Promise.all([...views].map(([, { handler }]) => handler.close()));
    },
  };
}

interface EndpointParts {
  readonly sessions: LegacySessions<View>;
  readonly options: McpEndpointOptions;
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
  const asked = { owner: nameOf(of), request, parsedBody: body };
  if (id !== null) {
    const session = sessions.find(id, asked.owner);
    if (session === undefined) return noSession();
    session.parts.of = of;
    return await sessions.serve(session, asked);
  }
  return await sessions.open(asked, (session) => {
    const view: View = { of };
    const server = createGatewayServer(
      {
        ...servedIn(view, { id: session, session, options }, () => {
          server.server.sendToolListChanged().catch(() => undefined);
        }),
        declared: begins ? body.params.capabilities : undefined,
      },
      options,
    );
    return { server, parts: view };
  });
}

/** All that one caller asks about one project without a session. */
function viewOf(
  of: EndpointCaller,
  views: BoundedMap<string, View & { readonly handler: McpHttpHandler }>,
  options: McpEndpointOptions,
): McpHttpHandler {
  const name = nameOf(of);
  const known = views.get(name);
  if (known !== undefined) {
    known.of = of;
    return known.handler;
  }
  const handler: McpHttpHandler = createMcpHandler(
    () =>
      createGatewayServer(
        servedIn(view, { id: name, session: undefined, options }, () => {
          handler.notify.toolsChanged();
        }),
        options,
      ),
    {
      onerror: (error) => {
        options.log.debug('a request at /mcp was refused', { error });
      },
    },
  );
  const view = { of, handler };
  views.set(name, view);
  return handler;
}

interface ServedParts {
  readonly id: string;
  readonly session: string | undefined;
  readonly options: McpEndpointOptions;
}

function servedIn(view: View, { id, session, options }: ServedParts, onLate: () => void): Served {
  const { caller } = view.of;
  return {
    caller,
    client: () => {
      const { project } = view.of;
      if (project === undefined) return undefined;
      const guard = options.guardOf({ caller, project, session: id });
      return { ...{ id, session, onLate, guard }, name: caller.name, place: { project, conversation: id } };
    },
  };
}

function nameOf({ caller, project }: EndpointCaller): string {
  return JSON.stringify([caller.id ?? caller.kind, project?.workspace ?? null]);
}

/** As the protocol wants it: the client begins another one. */
function noSession(): Response {
  const error = { code: -32_001, message: 'Session not found' };
  return Response.json({ jsonrpc: '2.0', error, id: null }, { status: 404 });
}
