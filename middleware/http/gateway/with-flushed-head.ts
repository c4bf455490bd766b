import type { ServerResponse } from 'node:http';
import type { toNodeHandler } from '@modelcontextprotocol/node';

/** A client that opens a stream wants to know that it is open before anything comes of it. */
export function withFlushedHead(res: ServerResponse): Parameters<ReturnType<typeof toNodeHandler>>[1] {
  return {
    writeHead: (status, headers) => {
      res.writeHead(status, headers);
      res.flushHeaders();
    },
    write: (chunk) => res.write(chunk),
    end: (chunk) => res.end(chunk),
    on: (event, listener) => res.on(event, listener),
    get destroyed() {
      return res.destroyed;
    },
  };
}
