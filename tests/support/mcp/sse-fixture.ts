import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fromJsonSchema, McpServer, type JSONRPCMessage, type Transport } from '@modelcontextprotocol/server';

/** What MCP was spoken over before Streamable HTTP: events come over a GET, messages go by POST. */
class SseTransport implements Transport {
  onclose?: () => void;
  onmessage?: Transport['onmessage'];
  readonly #response: ServerResponse;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  start(): Promise<void> {
    this.#response.writeHead(200, { 'content-type': 'text/event-stream' });
    this.#response.write('event: endpoint\ndata: /message\n\n');
    return Promise.resolve();
  }

  send(message: JSONRPCMessage): Promise<void> {
    this.#response.write(`event: message\ndata: ${JSON.stringify(message)}\n\n`);
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#response.end();
    this.onclose?.();
    return Promise.resolve();
  }
}

/** A server over SSE, for one client at a time. */
export async function sseFixture(): Promise<{
  readonly url: string;
  /** Every message that came. */
  readonly methods: readonly string[];
  readonly close: () => Promise<void>;
}> {
  const methods: string[] = [];
  let transport: SseTransport | undefined;
  const serve = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    if (req.method === 'GET') {
      const server = new McpServer({ name: 'sse', version: '1.0.0' });
      const inputSchema = fromJsonSchema<Record<string, unknown>>({ type: 'object' });
      server.registerTool('echo', { inputSchema }, ({ text }) => ({
        content: [{ type: 'text', text: String(text) }],
      }));
      transport = new SseTransport(res);
      await server.connect(transport);
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const message = JSON.parse(Buffer.concat(chunks).toString()) as JSONRPCMessage;
    methods.push('method' in message ? message.method : 'answer');
    res.writeHead(202).end();
    transport?.onmessage?.(message);
  };
  const server = createServer((req, res) => void serve(req, res));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/sse`,
    methods,
    close: async () => {
      const end = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await end;
    },
  };
}
