import { createMcpHandler, fromJsonSchema, McpServer } from '@modelcontextprotocol/server';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { Router } from 'express';
import type { Caller } from '../../kernel/exchange.ts';
import type { RawHeaders } from '../../kernel/headers.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import type { Log } from '../../kernel/log.ts';
import type { OwnTool } from './own-tool.ts';

interface McpOptions {
  readonly tools: readonly OwnTool[];
  readonly version: string;
  /** Whose call it is; whoever is not known does not get here. */
  readonly callerOf: (headers: RawHeaders) => Caller | undefined;
  readonly log: Log;
}

/**
 * `/mcp`: the middleware's own tools over MCP's Streamable HTTP, without sessions, for clients of the present revision and of
 * those before it. Codex's hooks call it.
 */
export function createMcpRoute({ tools, version, callerOf, log }: McpOptions): Router {
  const handler = createMcpHandler(({ requestInfo }) => {
    const caller = callerOf([...(requestInfo?.headers ?? [])].flat());
    if (caller === undefined) throw new Error('whose call this is cannot be told');
    const server = new McpServer({ name: 'codex-plus', version });
    for (const tool of tools) addTool(server, tool, caller);
    return server;
  });
  const serve = toNodeHandler(handler, {
    onerror: (error) => {
      log.warn('a call at /mcp failed', { error });
    },
  });
  const router = Router();
  router.all('/mcp', async (req, res) => {
    await serve(req, res);
  });
  return router;
}

function addTool(server: McpServer, tool: OwnTool, caller: Caller): void {
  const { name, description } = tool;
  const inputSchema = fromJsonSchema<JsonObject>({ ...tool.inputSchema });
  server.registerTool(name, { description, inputSchema }, async (args) => {
    try {
      return { content: [{ type: 'text', text: await tool.call(args, caller) }] };
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      return { content: [{ type: 'text', text }], isError: true };
    }
  });
}
