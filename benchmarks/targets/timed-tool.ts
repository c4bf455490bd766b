import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, fromJsonSchema, McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { nowNs, stampText } from '../stamp.ts';

// An MCP server, over stdio or over HTTP, with a tool that says when it was called and when it returned.

const inputSchema = fromJsonSchema<Record<string, unknown>>({
  type: 'object',
  properties: { path: { type: 'string', description: 'The file that is meant.' } },
  required: ['path'],
});

function timedServer(): McpServer {
  const server = new McpServer({ name: 'timed', version: '1.0.0' });
  server.registerTool('look', { description: 'Looks at a file.', inputSchema }, () => {
    const calledAt = nowNs();
    return { content: [{ type: 'text', text: stampText(calledAt) }] };
  });
  return server;
}

if (process.argv[2] === 'http') {
  const handler = toNodeHandler(createMcpHandler(timedServer));
  const server = createServer((req, res) => void handler(req as Parameters<typeof handler>[0], res));
  server.listen({ port: 0, host: '127.0.0.1' }, () => {
    console.log(JSON.stringify({ port: (server.address() as AddressInfo).port }));
  });
} else {
  serveStdio(timedServer);
}
