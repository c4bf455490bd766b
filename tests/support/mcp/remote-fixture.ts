import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
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
  readonly close: () => Promise<void>;
}

const anything = fromJsonSchema<Record<string, unknown>>({ type: 'object' });

function mcpServer(): McpServer {
  const server = new McpServer({ name: 'remote', version: '1.0.0' });
  server.registerTool('echo', { inputSchema: anything }, ({ text }) => ({
    content: [{ type: 'text', text: String(text) }],
  }));
  return server;
}

/** One that serves both protocols, or with sessions, which only the older one has; all but the token `right` is refused. */
export async function remoteFixture(how: 'both' | 'sessions'): Promise<RemoteFixture> {
  const requests: string[] = [];
  const headers: IncomingHttpHeaders[] = [];
  const sessions = new Map<string, NodeStreamableHTTPServerTransport>();
  const serveBoth = toNodeHandler(createMcpHandler(mcpServer));
  const server = createServer((req, res) => {
    headers.push(req.headers);
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of req) chunks.push(chunk as Buffer);
      const text = Buffer.concat(chunks).toString();
      const body: unknown = text === '' ? undefined : JSON.parse(text);
      requests.push(`${req.method ?? ''} ${(body as { method?: string } | undefined)?.method ?? ''}`.trim());
      if (req.headers.authorization === 'Bearer wrong') {
        res.writeHead(401).end();
        return;
      }
      if (how === 'both') {
        await serveBoth(req as Parameters<typeof serveBoth>[0], res, body);
        return;
      }
      const id = req.headers['mcp-session-id'];
      const known = typeof id === 'string' ? sessions.get(id) : undefined;
      if (id !== undefined && known === undefined) {
        res.writeHead(404).end();
        return;
      }
      await (known ?? (await newSession(sessions))).handleRequest(req, res, body);
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    ...{ requests, headers },
    forget: () => {
      sessions.clear();
    },
    close: () => closed(server),
  };
}

async function newSession(
  sessions: Map<string, NodeStreamableHTTPServerTransport>,
): Promise<NodeStreamableHTTPServerTransport> {
  const transport = new NodeStreamableHTTPServerTransport({
    sessionIdGenerator: () => randomUUID(),
    onsessioninitialized: (id) => {
      sessions.set(id, transport);
    },
  });
  await mcpServer().connect(transport);
  return transport;
}

async function closed(server: Server): Promise<void> {
  const end = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await end;
}
