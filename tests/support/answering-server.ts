import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { MadeUpCertificate } from './made-up-certificate.ts';

/** A call as the server has it. */
export interface ServedCall {
  readonly url: string;
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  readonly socket: Socket;
  /** Whether the answer's connection is gone, and the answer was not at its end. */
  readonly isCut: () => boolean;
  /** Breaks the connection: a reset, or below TLS, where there is none, the end of the connection. */
  readonly cut: () => void;
}

/** A server, plain or with TLS, whose answers the test writes by hand. */
export interface AnsweringServer {
  readonly url: string;
  readonly calls: readonly ServedCall[];
  /** From now on calls are answered so. */
  readonly answer: (write: Answer) => void;
  readonly openSockets: () => number;
  readonly close: () => Promise<void>;
}

type Answer = (res: ServerResponse, call: ServedCall) => void;

export async function startAnsweringServer(certificate?: MadeUpCertificate): Promise<AnsweringServer> {
  const calls: ServedCall[] = [];
  const sockets = new Set<Socket>();
  let write: Answer = (res) => res.end('hello');
  const serve = (req: IncomingMessage, res: ServerResponse): void => {
    let isCut = false;
    res.once('close', () => (isCut = !res.writableFinished));
    const cut = (): void => {
      if (certificate === undefined) req.socket.resetAndDestroy();
      else req.socket.destroy();
    };
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('error', () => undefined);
    req.on('end', () => {
      const { url = '', rawHeaders, socket } = req;
      const call = { url, rawHeaders, body: Buffer.concat(chunks), socket, isCut: () => isCut, cut };
      calls.push(call);
      write(res, call);
    });
  };
  const options = { keepAliveTimeout: 60_000 };
  const server =
    certificate === undefined
      ? createServer(options, serve)
      : createTlsServer({ ...options, key: certificate.key, cert: certificate.cert }, serve);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    calls,
    answer: (next) => {
      write = next;
    },
    openSockets: () => sockets.size,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
