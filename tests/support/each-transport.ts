import { setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe } from '@jest/globals';
import type { Transport, UpstreamCall } from '../../middleware/upstreams/transport/transport.ts';
import { startAnsweringServer, type AnsweringServer, type ServedCall } from './answering-server.ts';
import { makeUpCertificate, type MadeUpCertificate } from './made-up-certificate.ts';
import { transports, type CreateTransport } from './transports.ts';

/** One transport against one server of the same scheme. */
interface TransportUnderTest {
  readonly name: (typeof transports)[number][0];
  readonly scheme: 'http' | 'https';
  /** Another one of the kind, with limits of its own; closed at the end where the test has not done it. */
  readonly create: CreateTransport;
  readonly transport: () => Transport;
  readonly server: () => AnsweringServer;
  /** A call to the server, but for what the test says. */
  readonly call: (part?: Partial<UpstreamCall>) => UpstreamCall;
  /** The newest call that the server has. */
  readonly served: () => ServedCall;
}

/** Describes what every transport keeps, without TLS and with it. */
export function describeEachTransport(tests: (under: TransportUnderTest) => void): void {
  for (const scheme of ['http', 'https'] as const) {
    describe.each(transports)(`the %s transport over ${scheme}`, (name, createTransport) => {
      let certificate: MadeUpCertificate;
      let server: AnsweringServer;
      let transport: Transport;
      const created: Transport[] = [];
      const create: CreateTransport = (options) => {
        const made = createTransport({ ...options, certFile: certificate.certFile });
        let closed: Promise<void> | undefined;
        const closable: Transport = { call: made.call, close: () => (closed ??= made.close()) };
        created.push(closable);
        return closable;
      };

      beforeAll(async () => {
        certificate = makeUpCertificate();
        setDefaultCACertificates([certificate.cert]);
        server = await startAnsweringServer(scheme === 'https' ? certificate : undefined);
        transport = create();
      });

      afterAll(async () => {
        // Also those of tests that failed: a process of theirs would keep the run from ending.
        await Promise.all(created.map((made) => made.close()));
        await server.close();
        certificate.remove();
      });

      beforeEach(() => {
        server.answer((res) => res.end('hello'));
      });

      tests({
        ...{ name, scheme, create, server: () => server, transport: () => transport },
        call: (part = {}) => ({
          method: 'POST',
          url: new URL('/backend-api/codex/responses?a=b', server.url),
          headers: ['content-type', 'application/json'],
          body: Buffer.from('{}'),
          signal: new AbortController().signal,
          ...part,
        }),
        served: () => {
          const newest = server.calls.at(-1);
          if (newest === undefined) throw new Error('the server has no call');
          return newest;
        },
      });
    });
  }
}
