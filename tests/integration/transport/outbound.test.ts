import { setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ProxyResolver } from '../../../middleware/upstreams/transport/outbound-proxy.ts';
import type { Transport } from '../../../middleware/upstreams/transport/transport.ts';
import { startAnsweringServer, type AnsweringServer } from '../../support/answering-server.ts';
import { startConnectProxy, type ConnectProxy } from '../../support/connect-proxy.ts';
import { makeUpCertificate, type MadeUpCertificate } from '../../support/made-up-certificate.ts';
import { readAll, transports } from '../../support/transports.ts';

let certificate: MadeUpCertificate;
let server: AnsweringServer;
let proxy: ConnectProxy;

beforeAll(async () => {
  certificate = makeUpCertificate();
  setDefaultCACertificates([certificate.cert]);
  [server, proxy] = await Promise.all([startAnsweringServer(certificate), startConnectProxy()]);
});

afterAll(async () => {
  await Promise.all([server.close(), proxy.close()]);
  certificate.remove();
});

beforeEach(() => {
  proxy.refuse(undefined);
});

describe.each(transports)('the way out of the %s transport', (_name, create) => {
  const open = (proxyFor: ProxyResolver, certFile: string | undefined = certificate.certFile): Transport =>
    create({ proxyFor, certFile });

  const call = async (transport: Transport, url = server.url): Promise<string> => {
    const answer = await transport.call({
      method: 'POST',
      url: new URL(url),
      headers: ['authorization', 'Bearer made-up'],
      body: Buffer.from('{}'),
      signal: new AbortController().signal,
    });
    return (await readAll(answer.body)).toString();
  };

  test('is a tunnel through the proxy that the resolver names, with its credentials, for the calls that it names it for [RT-2]', async () => {
    const asked = proxy.asked.length;
    const { host, port } = new URL(server.url);
    const withPassword = proxy.url.replace('://', '://user:pa%40ss@');
    const transport = open((url) => (url.hostname === 'localhost' ? undefined : withPassword));
    expect(await call(transport)).toBe('hello');
    expect(proxy.asked.slice(asked)).toEqual([
      { target: host, authorization: `Basic ${Buffer.from('user:pa@ss').toString('base64')}` },
    ]);
    expect(await call(transport, `https://localhost:${port}`)).toBe('hello');
    expect(proxy.asked).toHaveLength(asked + 1);
    await transport.close();
  });

  test('ends at a proxy that refuses: unreachable, and no word of its password [RT-2]', async () => {
    proxy.refuse(407);
    const transport = open(() => proxy.url.replace('://', '://user:secret@'));
    const error: unknown = await call(transport).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: 'upstream_unreachable' });
    expect(JSON.stringify([String(error), String((error as Error).cause)])).not.toContain('secret');
    await transport.close();
  });

  test('never goes past a proxy that it cannot take [RT-2]', async () => {
    const before = server.calls.length;
    const transport = open(() => 'gopher://user:secret@127.0.0.1:1');
    await expect(call(transport)).rejects.toMatchObject({
      code: 'upstream_unreachable',
      message: expect.not.stringContaining('secret'),
    });
    expect(server.calls.length).toBe(before);
    await transport.close();
  });

  test('ends at a certificate that nobody vouches for [RT-2]', async () => {
    const stranger = makeUpCertificate();
    const strange = await startAnsweringServer(stranger);
    const transport = open(() => undefined);
    await expect(call(transport, strange.url)).rejects.toMatchObject({
      code: 'upstream_unreachable',
      message: expect.stringMatching(/SELF_SIGNED|InvalidCertificate|UnknownIssuer/),
    });
    expect(strange.calls).toHaveLength(0);
    await transport.close();
    await strange.close();
    stranger.remove();
  });
});
