import { once } from 'node:events';
import { createSecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createBrowserTransport } from '../../../middleware/upstreams/transport/browser-transport.ts';
import type { Transport, TransportAnswer } from '../../../middleware/upstreams/transport/transport.ts';
import { startAnsweringServer, type AnsweringServer } from '../../support/answering-server.ts';
import { collectedLog } from '../../support/collected-log.ts';
import { startConnectProxy } from '../../support/connect-proxy.ts';
import { makeUpCertificate } from '../../support/made-up-certificate.ts';
import { piecesOf, readAll } from '../../support/transports.ts';
import { until } from '../../support/until.ts';

describe('the process of the browser transport', () => {
  let server: AnsweringServer;
  let transport: Transport;
  let lines: ReturnType<typeof collectedLog>['lines'];

  beforeEach(async () => {
    server = await startAnsweringServer();
    transport = open();
  });

  afterEach(async () => {
    await transport.close();
    await server.close();
  });

  function open(env: Readonly<Record<string, string>> = {}): Transport {
    const collected = collectedLog();
    lines = collected.lines;
    const limits = { headersMs: 20_000, idleMs: 20_000 };
    return createBrowserTransport({ ...limits, proxyFor: () => undefined, env, log: collected.log });
  }

  function call(url = server.url, signal = new AbortController().signal): Promise<TransportAnswer> {
    return transport.call({
      method: 'POST',
      url: new URL(url),
      headers: [],
      body: Buffer.from('{}'),
      signal,
    });
  }

  const pids = (): number[] =>
    lines.filter(({ message }) => String(message).startsWith('started')).map(({ pid }) => Number(pid));

  const isAlive = (pid: number): boolean => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };

  test('is started by the first call and serves them all at once [RT-2]', async () => {
    expect(pids()).toEqual([]);
    const texts = await Promise.all(
      Array.from({ length: 20 }, async () => (await readAll((await call()).body)).toString()),
    );
    expect(texts).toEqual(Array.from({ length: 20 }, () => 'hello'));
    expect(pids()).toHaveLength(1);
  });

  test('breaks its calls when it dies, is told of in the log, and the next call starts another [RT-2]', async () => {
    server.answer((res) => res.write('half'));
    const streaming = piecesOf((await call()).body);
    await streaming.next();
    server.answer(() => undefined);
    const waiting = call();
    await until(() => server.calls.length === 2);
    process.kill(pids()[0]!, 'SIGKILL');
    await expect(waiting).rejects.toMatchObject({
      code: 'upstream_unreachable',
      message: expect.stringContaining('was ended by SIGKILL'),
    });
    await expect(readAll(streaming)).rejects.toMatchObject({ code: 'stream_incomplete' });
    expect(lines.at(-1)).toMatchObject({ level: 'warn', pid: pids()[0], how: 'was ended by SIGKILL' });
    server.answer((res) => res.end('again'));
    expect((await readAll((await call()).body)).toString()).toBe('again');
    expect(pids()).toHaveLength(2);
  });

  test('is replaced when a call is given up before its head, and ends with the last of its other calls [RT-2]', async () => {
    server.answer((res) => res.write('first'));
    const { body } = await call();
    const pieces = piecesOf(body);
    await pieces.next();
    server.answer(() => undefined);
    const controller = new AbortController();
    const waiting = call(server.url, controller.signal);
    await until(() => server.calls.length === 2);
    controller.abort();
    await expect(waiting).rejects.toThrow();
    server.answer((res) => res.end('beside'));
    expect((await readAll((await call()).body)).toString()).toBe('beside');
    const [old = 0, next = 0] = pids();
    expect([isAlive(old), isAlive(next)]).toEqual([true, true]);
    await pieces.return();
    await until(() => !isAlive(old) && server.calls.slice(0, 2).every(({ isCut }) => isCut()));
    expect(isAlive(next)).toBe(true);
    expect(lines.filter(({ level }) => level === 'warn')).toEqual([]);
  });

  test('goes on when the whole process group is told to end, and ends with close [RT-2]', async () => {
    let finish: () => void = () => undefined;
    server.answer((res) => {
      res.write('first');
      finish = () => res.end(' and last');
    });
    const { body } = await call();
    const pieces = piecesOf(body);
    await pieces.next();
    const pid = pids()[0]!;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(pid, signal);
    finish();
    expect((await readAll(pieces)).toString()).toBe(' and last');
    expect(isAlive(pid)).toBe(true);
    await transport.close();
    expect(isAlive(pid)).toBe(false);
  });

  test('takes no proxy but the one of the call: not from the variables of the environment [RT-2]', async () => {
    const proxy = await startConnectProxy();
    const names = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'];
    transport = open(Object.fromEntries(names.map((name) => [name, proxy.url])));
    expect((await readAll((await call()).body)).toString()).toBe('hello');
    expect(proxy.asked).toEqual([]);
    await proxy.close();
  });

  test('speaks HTTP/2 with a server that does, and a call given up there ends there [RT-2]', async () => {
    const certificate = makeUpCertificate();
    const secure = createSecureServer({ key: certificate.key, cert: certificate.cert, allowHTTP1: true });
    let openStreams = 0;
    const versions: string[] = [];
    secure.on('request', (req, res) => {
      versions.push(req.httpVersion);
      openStreams += 1;
      res.once('close', () => (openStreams -= 1));
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      res.write('data: 1\n\n');
    });
    secure.listen(0, '127.0.0.1');
    await once(secure, 'listening');
    transport = open({ SSL_CERT_FILE: certificate.certFile });
    const answer = await call(`https://localhost:${(secure.address() as AddressInfo).port}/`);
    const pieces = piecesOf(answer.body);
    expect(String((await pieces.next()).value)).toBe('data: 1\n\n');
    expect([versions, openStreams]).toEqual([['2.0'], 1]);
    await pieces.return();
    await until(() => openStreams === 0);
    await transport.close();
    secure.close();
    certificate.remove();
  });
});
