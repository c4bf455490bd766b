import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What stands before a scripted provider, for clients that call more of it than their model. */
export interface ProviderFront {
  readonly url: string;
  readonly port: number;
  /** Method and path of all that was asked for. */
  readonly asked: readonly string[];
  readonly close: () => Promise<void>;
}

/** Passes model calls on, counts tokens by bytes, knows nothing else; a WebSocket is refused with what has Codex take HTTP. */
export async function startProviderFront(providerPort: number): Promise<ProviderFront> {
  const asked: string[] = [];
  const server = createServer((req, res) => {
    const path = (req.url ?? '').split('?')[0] ?? '';
    asked.push(`${req.method ?? ''} ${path}`);
    if (!/\/(?:messages|responses|count_tokens)$/.test(path)) {
      res.writeHead(404).end();
    } else if (path.endsWith('/count_tokens')) {
      let bytes = 0;
      req.on('data', (chunk: Buffer) => (bytes += chunk.length));
      req.on('end', () => {
        res.writeHead(200, { 'content-type': 'application/json' });
        res.end(JSON.stringify({ input_tokens: Math.ceil(bytes / 4) }));
      });
    } else {
      const { method, headers } = req;
      const onward = request({ host: '127.0.0.1', port: providerPort, path: req.url, method, headers });
      onward.on('response', (answer) => {
        res.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
        answer.pipe(res);
      });
      onward.on('error', () => res.destroy());
      req.pipe(onward);
    }
  });
  server.on('upgrade', (_req, socket) => {
    socket.end('HTTP/1.1 426 Upgrade Required\r\ncontent-length: 0\r\n\r\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    ...{ port, asked, url: `http://127.0.0.1:${port}` },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
