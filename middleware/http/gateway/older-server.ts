import type { McpServer } from '@modelcontextprotocol/server';
import { ErrorCodes } from './error-codes.ts';
import { createGatewayServer, type GatewayServerOptions, type Served } from './gateway-server.ts';
import { watchAnswers } from './watch-answers.ts';

/** Our endpoint for one request of the older protocol without a session. */
export function olderServer(served: Served, options: GatewayServerOptions): McpServer {
  const codes = new ErrorCodes();
  const mcp = createGatewayServer({ ...served, codes }, options);
  const connect = mcp.connect.bind(mcp);
  mcp.connect = (transport) => {
    watchAnswers(transport, {
      codeOf: (id) => codes.of(id),
      onAnswered: (id) => {
        codes.end(id);
      },
    });
    return connect(transport);
  };
  return mcp;
}
