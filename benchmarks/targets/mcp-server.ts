import { fromJsonSchema, McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';

// An MCP server with twenty tools of the usual size, which do nothing: what is measured is what they cost the middleware.

const inputSchema = fromJsonSchema<Record<string, unknown>>({
  type: 'object',
  properties: {
    path: { type: 'string', description: 'The file that is meant, relative to the root of the repository.' },
    query: { type: 'string', description: 'Words that have to occur in it, divided by blanks.' },
    limit: { type: 'integer', minimum: 1, maximum: 1_000, description: 'The most lines that are returned.' },
  },
  required: ['path'],
});

serveStdio(() => {
  const server = new McpServer({ name: 'benchmark', version: '1.0.0' });
  for (let at = 0; at < 20; at += 1) {
    const description = `Finds lines of kind ${at} in a file, and returns them with their numbers. Use it before a file is read as a whole.`;
    server.registerTool(`find_${at}`, { description, inputSchema }, () => ({
      content: [{ type: 'text', text: 'found' }],
    }));
  }
  return server;
});
