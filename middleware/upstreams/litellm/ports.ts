import { createServer, type AddressInfo } from 'node:net';
import { codeOf } from '../../kernel/errors.ts';

/** Why nothing can listen on this port, as the start of a sentence; `undefined` when it is free. */
export async function whyPortIsTaken(host: string, port: number): Promise<string | undefined> {
  try {
    await listenOnce(host, port);
    return undefined;
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EADDRINUSE') return `port ${port} is in use by another program`;
    if (code === 'EACCES') return `port ${port} needs more rights than this user has`;
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `${host} is no address of this machine`;
    throw error;
  }
}

/** A port on which nothing listens at this moment. */
export function findSparePort(host: string): Promise<number> {
  return listenOnce(host, 0);
}

function listenOnce(host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => {
      const { port: bound } = server.address() as AddressInfo;
      server.close(() => {
        resolve(bound);
      });
    });
  });
}
