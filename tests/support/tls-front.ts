import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import type { MadeUpCertificate } from './made-up-certificate.ts';

/** TLS in front of a plain server on this machine. */
export interface TlsFront {
  /** With the name that the certificate is for. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

export async function startTlsFront(port: number, { key, cert }: MadeUpCertificate): Promise<TlsFront> {
  const server = createServer({ key, cert, ALPNProtocols: ['http/1.1'] }, (socket) => {
    const onward = connect(port, '127.0.0.1');
    for (const [end, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      end.pipe(other);
      end.on('error', () => undefined);
      end.on('close', () => other.destroy());
    }
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}
