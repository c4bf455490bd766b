import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomUUID } from 'node:crypto';
import { NodeStreamableHTTPServerTransport, toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, fromJsonSchema, McpServer } from '@modelcontextprotocol/server';

/** An MCP server on a real socket. */
export interface RemoteFixture {
  readonly url: string;
  /** Of all requests so far, by their method: the header of HTTP, then the method of the message. */
  readonly requests: readonly string[];
  readonly headers: readonly IncomingHttpHeaders[];
  /** Forgets all sessions, as a server does that was started again. */
  readonly forget: () => void;
  /** From now on every answer is of this type, and goes on and on, with something after every MiB. */
  readonly answerEndlessly: (type: string, between?: string) => void;
  /** From now on calls that say this get a status of HTTP as their answer. */
  readonly refuse: (said: string, status: number) => void;
  /** Lets the calls of `held` and `ask-and-go-on` end. */
  readonly release: () => void;
  readonly close: () => Promise<void>;
}

const anything = fromJsonSchema<Record<string, unknown>>({ type: 'object' });

function mcpServer(released: Promise<undefined>): McpServer {
  const server = new McpServer({ name: 'remote', version: '1.0.0' });
  server.registerTool('echo', { inputSchema: anything }, ({ text }) => ({
    content: [{ type: 'text', text: String(text) }],
  }));
  server.registerTool('held', { inputSchema: anything }, async () => {
    await released;
    return { content: [{ type: 'text', text: 'released' }] };
  });
  server.registerTool('ask-and-go-on', { inputSchema: anything }, async (_, { mcpReq }) => {
    const requestedSchema = { type: 'object' as const, properties: { name: { type: 'string' as const } } };
    const params = { message: 'Who?', requestedSchema };
    mcpReq.send({ method: 'elicitation/create', params }).catch(() => undefined);
    await released;
    return { content: [{ type: 'text', text: 'went on' }] };
  });
  return server;
}

/** One that serves both protocols, or with sessions, which only the older one has; all but the token `right` is refused. */
export async function remoteFixture(how: 'both' | 'sessions'): Promise<RemoteFixture> {
  const requests: string[] = [];
  const headers: IncomingHttpHeaders[] = [];
  const sessions = new Map<string, NodeStreamableHTTPServerTransport>();
  let endless: Endless | undefined;
  let refused: { readonly said: string; readonly status: number } | undefined;
  const { promise: released, resolve: release } = Promise.withResolvers<undefined>();
  const newServer = (): McpServer => mcpServer(released);
  const serveBoth = toNodeHandler(createMcpHandler(newServer));
  const serveSession = async (req: IncomingMessage, res: ServerResponse, body: unknown): Promise<void> => {
    const id = req.headers['mcp-session-id'];
    const known = typeof id === 'string' ? sessions.get(id) : undefined;
    if (id !== undefined && known === undefined) res.writeHead(404).end();
    else await (known ?? (await newSession(sessions, newServer))).handleRequest(req, res, body);
  };
  const serve = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    headers.push(req.headers);
    const body = await bodyOf(req);
    requests.push(`${req.method ?? ''} ${body?.method ?? ''}`.trim());
    if (req.headers.authorization === 'Bearer wrong') res.writeHead(401).end();
    else if (endless !== undefined) writeEndlessly(res, endless);
    else if (refused !== undefined && JSON.stringify(body ?? {}).includes(refused.said))
      res.writeHead(refused.status).end('not like this');
    else if (how === 'both') await serveBoth(req as Parameters<typeof serveBoth>[0], res, body);
    else await serveSession(req, res, body);
  };
  const server = createServer((req, res) => void serve(req, res));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    ...{ requests, headers },
    forget: () => {
      sessions.clear();
    },
    answerEndlessly: (type, between = '') => {
      endless = { type, between };
    },
    refuse: (said, status) => {
      refused = { said, status };
    },
    release: () => {
      release(undefined);
    },
    close: () => closed(server),
  };
}

interface Endless {
  readonly type: string;
  readonly between: string;
}

function writeEndlessly(res: ServerResponse, { type, between }: Endless): void {
  res.writeHead(200, { 'content-type': type });
  const write = (): unknown =>
    res.destroyed || res.write(`data: ${'x'.repeat(1024 * 1024)}${between}`, write);
  write();
}

async function bodyOf(req: IncomingMessage): Promise<{ readonly method?: string } | undefined> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return text === '' ? undefined : (JSON.parse(text) as { method?: string });
}

async function newSession(
  sessions: Map<string, NodeStreamableHTTPServerTransport>,
  newServer: () => McpServer,
): Promise<NodeStreamableHTTPServerTransport> {
  const transport = new NodeStreamableHTTPServerTransport({
    sessionIdGenerator: () => randomUUID(),
    onsessioninitialized: (id) => {
      sessions.set(id, transport);
    },
  });
  await newServer().connect(transport);
  return transport;
}

async function closed(server: Server): Promise<void> {
  const end = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await end;
}
