import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readAll } from 'node:stream/consumers';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, fromJsonSchema, McpServer } from '@modelcontextprotocol/server';
import type { AuthorizationServer } from './authorization-server.ts';

/** An MCP server that wants a token: `mcp:read` for all, `mcp:write` for its tool `write`. */
export interface ProtectedFixture {
  readonly url: string;
  /** The tokens of all requests so far. */
  readonly tokens: readonly (string | undefined)[];
  /** From now on these tokens are refused. */
  readonly forgetTokens: () => void;
  /** From now on another authorization server is named. */
  readonly move: (to: AuthorizationServer) => void;
  readonly close: () => Promise<void>;
}

const anything = fromJsonSchema<Record<string, unknown>>({ type: 'object' });

export async function protectedFixture(first: AuthorizationServer): Promise<ProtectedFixture> {
  let home = first;
  const tokens: (string | undefined)[] = [];
  const forgotten = new Set<string | undefined>();
  const serveMcp = toNodeHandler(createMcpHandler(mcpServer));
  const server = createServer((req, res) => void serve(req, res));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const url = `${origin}/mcp`;
  const metadataUrl = `${origin}/.well-known/oauth-protected-resource/mcp`;
  const refuse = (res: ServerResponse, status: number, parts: string): void => {
    res
      .writeHead(status, { 'www-authenticate': `Bearer ${parts}, resource_metadata="${metadataUrl}"` })
      .end();
  };
  const serve = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    if (req.url === new URL(metadataUrl).pathname) {
      res.writeHead(200, { 'content-type': 'application/json' });
      res.end(JSON.stringify({ resource: url, authorization_servers: [home.issuer] }));
      return;
    }
    if (req.url !== '/mcp') {
      res.writeHead(404).end();
      return;
    }
    const text = await readAll(req);
    const token = /^Bearer (.+)$/.exec(req.headers.authorization ?? '')?.[1];
    tokens.push(token);
    const facts = token === undefined || forgotten.has(token) ? undefined : await home.check(token, url);
    const writes = text.includes('"write"');
    if (facts?.scopes.includes('mcp:read') !== true) refuse(res, 401, 'scope="mcp:read"');
    else if (writes && !facts.scopes.includes('mcp:write'))
      refuse(res, 403, 'error="insufficient_scope", scope="mcp:write"');
    else
      await serveMcp(req as Parameters<typeof serveMcp>[0], res, text === '' ? undefined : JSON.parse(text));
  };
  return {
    ...{ url, tokens },
    forgetTokens: () => {
      for (const token of tokens) forgotten.add(token);
    },
    move: (to) => {
      home = to;
    },
    close: async () => {
      const end = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await end;
    },
  };
}

function mcpServer(): McpServer {
  const server = new McpServer({ name: 'protected', version: '1.0.0' });
  for (const name of ['read', 'write']) {
    server.registerTool(name, { inputSchema: anything }, () => ({
      content: [{ type: 'text', text: `did ${name}` }],
    }));
  }
  return server;
}
