import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

/** A proxy that opens tunnels, on a real socket. */
export interface ConnectProxy {
  readonly url: string;
  /** What tunnels were asked for: host and port, and the credentials given. */
  readonly asked: readonly { readonly target: string; readonly authorization: string | undefined }[];
  /** From now on tunnels are refused with this status; `undefined`: opened. */
  readonly refuse: (status: number | undefined) => void;
  readonly close: () => Promise<void>;
}

/** With `leadsTo` every tunnel ends at that port of this machine, whatever it was asked for. */
export async function startConnectProxy({
  leadsTo,
}: { readonly leadsTo?: number } = {}): Promise<ConnectProxy> {
  const asked: { target: string; authorization: string | undefined }[] = [];
  const sockets = new Set<Socket>();
  let refusal: number | undefined;
  const server = createServer();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  server.on('connect', (req, socket) => {
    asked.push({ target: req.url ?? '', authorization: req.headers['proxy-authorization'] });
    if (refusal !== undefined) {
      socket.end(`HTTP/1.1 ${refusal} Refused\r\n\r\n`);
      return;
    }
    const { hostname, port } = new URL(
      leadsTo === undefined ? `http://${req.url ?? ''}` : `http://127.0.0.1:${leadsTo}`,
    );
    const onward = connect(Number(port), hostname, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.pipe(onward).pipe(socket);
    });
    sockets.add(onward);
    onward.on('error', () => socket.destroy());
    socket.on('close', () => onward.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    refuse: (status) => {
      refusal = status;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
