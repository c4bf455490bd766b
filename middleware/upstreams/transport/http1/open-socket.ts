import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** How long a connection may be quiet before the other side's system is asked whether it is still there. */
const firstProbeMs = 60_000;

/** A connection to the URL's origin, with TLS where it asks for it; `session`: of an earlier one to the same origin. */
export function openSocket(url: URL, session: Buffer | undefined): Socket {
  const { hostname } = url;
  const host = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  const isSecure = url.protocol === 'https:';
  const port = url.port === '' ? (isSecure ? 443 : 80) : Number(url.port);
  const socket = isSecure
    ? connectTls({
        ...{ host, port, session, ALPNProtocols: ['http/1.1'] },
        // An address is no name that a server could be asked for (RFC 6066 §3).
        servername: isIP(host) === 0 ? host : '',
      })
    : connect({ host, port });
  return socket.setNoDelay(true).setKeepAlive(true, firstProbeMs);
}
