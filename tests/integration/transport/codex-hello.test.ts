import { setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  codexProfileFault,
  createCodexTransport,
} from '../../../middleware/upstreams/transport/codex-transport.ts';
import type { Transport } from '../../../middleware/upstreams/transport/transport.ts';
import { startAnsweringServer, type AnsweringServer } from '../../support/answering-server.ts';
import { ja4, startHelloReader, type HelloReader } from '../../support/client-hello.ts';
import { startConnectProxy, type ConnectProxy } from '../../support/connect-proxy.ts';
import { makeUpCertificate, type MadeUpCertificate } from '../../support/made-up-certificate.ts';
import { readAll, transports } from '../../support/transports.ts';

/** Of the Codex CLI 0.169.0 for linux-x64, taken from its own hello. */
const codexJa4 = 't13d301100_1d37bd780c83_8e6e362c5eac';

describe('the TLS hello of the codex transport', () => {
  let certificate: MadeUpCertificate;
  let server: AnsweringServer;
  let reader: HelloReader;
  let proxy: ConnectProxy;

  beforeAll(async () => {
    certificate = makeUpCertificate();
    setDefaultCACertificates([certificate.cert]);
    server = await startAnsweringServer(certificate);
    // Every call has a connection of its own, so that the later ones could resume the session of the first.
    server.answer((res) => res.setHeader('connection', 'close').end('hello'));
    proxy = await startConnectProxy();
  });

  afterAll(async () => {
    await Promise.all([server.close(), proxy.close()]);
    certificate.remove();
  });

  beforeEach(async () => {
    reader = await startHelloReader(Number(new URL(server.url).port));
  });

  async function call(transport: Transport): Promise<void> {
    const { body } = await transport.call({
      method: 'POST',
      url: new URL(`https://localhost:${reader.port}/`),
      headers: [],
      body: Buffer.from('{}'),
      signal: new AbortController().signal,
    });
    expect((await readAll(body)).toString()).toBe('hello');
  }

  test("has the fingerprint of the official CLI's, in every connection and through a proxy [RT-2]", async () => {
    const limits = { connectMs: 5_000, headersMs: 5_000, idleMs: 5_000 };
    const direct = createCodexTransport({ ...limits, proxyFor: () => undefined });
    const proxied = createCodexTransport({ ...limits, proxyFor: () => proxy.url });
    for (const transport of [direct, direct, proxied, proxied]) await call(transport);
    const asked = { target: `localhost:${reader.port}`, authorization: undefined };
    expect(proxy.asked).toEqual([asked, asked]);
    expect(reader.hellos.map(ja4)).toEqual([codexJa4, codexJa4, codexJa4, codexJa4]);
    await Promise.all([direct.close(), proxied.close(), reader.close()]);
  });

  test('is the one of no other transport [RT-2]', async () => {
    for (const [name, create] of transports) {
      if (name === 'codex') continue;
      const transport = create({ certFile: certificate.certFile });
      await call(transport);
      await transport.close();
    }
    expect(reader.hellos).toHaveLength(transports.length - 1);
    for (const hello of reader.hellos) expect(ja4(hello)).not.toBe(codexJa4);
    await reader.close();
  });
});

describe('the Node that can make it', () => {
  test.each([
    ['24.5.0', true],
    ['24.21.0', true],
    ['26.0.0', true],
    ['24.4.1', false],
    ['22.19.0', false],
  ])('%s: %s [RT-2]', (version, isCapable) => {
    expect(codexProfileFault(version) === undefined).toBe(isCapable);
  });
});
