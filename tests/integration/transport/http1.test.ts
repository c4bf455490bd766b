import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setDefaultCACertificates, type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createHttp1Transport } from '../../../middleware/upstreams/transport/http1/http1-transport.ts';
import type { Transport, UpstreamCall } from '../../../middleware/upstreams/transport/transport.ts';
import { startAnsweringServer } from '../../support/answering-server.ts';
import { makeUpCertificate } from '../../support/made-up-certificate.ts';
import { piecesOf, readAll } from '../../support/transports.ts';
import { until } from '../../support/until.ts';

const limits = { connectMs: 5_000, headersMs: 20_000, idleMs: 20_000 };
const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

let transport: Transport;
let server: Server;
let sockets: Socket[];
let requests: string[];
/** What is done with a request, by the number of its connection. */
let serve: (socket: Socket, connection: number) => void;

beforeEach(async () => {
  transport = createHttp1Transport(limits);
  sockets = [];
  requests = [];
  serve = (socket) => socket.write(ok);
  server = createServer((socket) => {
    const connection = sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      requests.push(chunk.toString('latin1'));
      serve(socket, connection);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  server.close();
  await transport.close();
});

function request(part: Partial<UpstreamCall> = {}): UpstreamCall {
  return {
    ...{
      method: 'POST',
      url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/a?b=c`),
    },
    ...{ headers: ['X-A', 'b'], body: Buffer.from('{}'), signal: new AbortController().signal, ...part },
  };
}

async function call(part?: Partial<UpstreamCall>): Promise<string> {
  const { body } = await transport.call(request(part));
  return (await readAll(body)).toString('latin1');
}

describe('a request', () => {
  test('is these bytes', async () => {
    const { host } = request().url;
    await call({ headers: ['X-A', 'b\u00e4', 'x-a', ''] });
    await call({ body: Buffer.alloc(0) });
    await call({ method: 'GET', body: Buffer.alloc(0), headers: [] });
    const begin = `/v1/a?b=c HTTP/1.1\r\nhost: ${host}\r\nconnection: keep-alive\r\n`;
    expect(requests).toEqual([
      `POST ${begin}X-A: b\u00e4\r\nx-a: \r\ncontent-length: 2\r\n\r\n{}`,
      `POST ${begin}X-A: b\r\ncontent-length: 0\r\n\r\n`,
      `GET ${begin}\r\n`,
    ]);
  });

  test.each([
    ['a line end in a value', ['x-a', 'b\r\nx-b: c']],
    ['a NUL in a value', ['x-a', 'b\0']],
    ['a character that is no byte', ['x-a', '\u20ac']],
    ['a line end in a name', ['x-a: b\r\nx-b', 'c']],
    ['a space in a name', ['x a', 'b']],
    ['no name', ['', 'b']],
    ['another length', ['Content-Length', '7']],
    ['a transfer coding', ['transfer-encoding', 'chunked']],
    ['another host', ['Host', 'elsewhere']],
    ['an expectation', ['expect', '100-continue']],
  ])('with %s is not sent', async (_what, headers) => {
    await expect(call({ headers })).rejects.toMatchObject({
      code: 'upstream_unreachable',
      cause: { code: 'ERR_INVALID_CHAR' },
    });
    expect(sockets).toHaveLength(0);
  });
});

describe('a kept connection', () => {
  test('serves one call after the other, and the one that was used last comes first', async () => {
    await Promise.all([call(), call()]);
    for (let i = 0; i < 3; i += 1) await call();
    const [first, second] = sockets.map(({ bytesRead }) => bytesRead);
    expect(sockets).toHaveLength(2);
    expect(Math.max(first ?? 0, second ?? 0)).toBe(4 * Math.min(first ?? 0, second ?? 0));
  });

  test('that its server closed is not used, and no call is lost on it', async () => {
    for (let i = 0; i < 20; i += 1) {
      await call();
      // The end of the connection is on its way when the next call comes.
      await new Promise<void>((resolve) => sockets.at(-1)?.end(resolve));
      expect(await call()).toBe('ok');
    }
    expect(requests).toHaveLength(40);
  });

  test('that is closed on a request fails its call as a reset, so that it can be sent once more', async () => {
    await call();
    serve = (socket) => socket.end();
    await expect(call()).rejects.toMatchObject({
      code: 'upstream_unreachable',
      cause: { code: 'ECONNRESET' },
    });
    expect([requests.length, sockets.length]).toEqual([2, 1]);
  });

  test('on which something comes that nobody asked for is given up: it answers no call', async () => {
    await call();
    const forged = 'HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nforged';
    await new Promise((resolve) => sockets[0]?.write(forged, resolve));
    expect(await call()).toBe('ok');
    expect(sockets).toHaveLength(2);
    await until(() => sockets[0]?.destroyed === true);
  });

  test('with more behind an answer than the answer is given up', async () => {
    for (const behind of ['HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nforged', '\r\n', 'x']) {
      serve = (socket) => socket.write(ok + behind);
      expect(await call()).toBe('ok');
    }
    expect(sockets).toHaveLength(3);
  });

  test.each([
    ['connection: close', 'connection: close\r\ncontent-length: 2\r\n\r\nok'],
    ['a list with close', 'connection: x, Close\r\ncontent-length: 2\r\n\r\nok'],
    [
      'less than two seconds that its server keeps it',
      'keep-alive: timeout=2\r\ncontent-length: 2\r\n\r\nok',
    ],
  ])('is none after %s', async (_what, lines) => {
    serve = (socket) => socket.write(`HTTP/1.1 200 OK\r\n${lines}`);
    expect([await call(), await call()]).toEqual(['ok', 'ok']);
    expect(sockets).toHaveLength(2);
  });

  test.each([
    ['HTTP/1.0', 'HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok', 'ok'],
    ['a 204 that says it has a body', 'HTTP/1.1 204 No Content\r\ncontent-length: 2\r\n\r\n', ''],
  ])('is none after %s', async (_what, answer, body) => {
    serve = (socket) => socket.write(answer);
    expect([await call(), await call()]).toEqual([body, body]);
    expect(sockets).toHaveLength(2);
  });

  test('is none after an answer that came before all of its request was sent', async () => {
    serve = (socket) => {
      socket.pause();
      socket.write(ok);
    };
    expect(await call({ body: Buffer.alloc(32 << 20) })).toBe('ok');
    serve = (socket) => socket.write(ok);
    expect(await call()).toBe('ok');
    expect(sockets).toHaveLength(2);
  });

  test('is closed when it was idle for longer than LiteLLM would be', async () => {
    await call();
    await until(() => sockets[0]?.destroyed === true);
    expect(await call()).toBe('ok');
    expect(sockets).toHaveLength(2);
  });

  test('is free again where its call is given up before it was sent', async () => {
    await call();
    const controller = new AbortController();
    const given = transport.call(request({ signal: controller.signal }));
    controller.abort(new Error('the client left'));
    await expect(given).rejects.toThrow('the client left');
    expect(await call()).toBe('ok');
    expect([sockets.length, requests.length]).toEqual([1, 2]);
  });

  test('is not touched by a reader that gives up an answer that it has all of', async () => {
    const { body } = await transport.call(request());
    await until(() => (sockets[0]?.bytesWritten ?? 0) > 0);
    const next = transport.call(request());
    body.cancel();
    expect((await readAll((await next).body)).toString()).toBe('ok');
  });
});

describe('an answer', () => {
  test('that is no HTTP is unreadable at once, and the connection is given up', async () => {
    serve = (socket) => socket.write('SSH-2.0-OpenSSH');
    await expect(call()).rejects.toMatchObject({
      code: 'upstream_unreadable',
      message: expect.stringMatching(/answered with what is no HTTP: HPE_INVALID_CONSTANT$/),
    });
    await until(() => sockets[0]?.destroyed === true);
  });

  test('that breaks the rules in its body is incomplete', async () => {
    serve = (socket) => socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\nx\r\n');
    await expect(call()).rejects.toMatchObject({ code: 'stream_incomplete' });
  });

  test('with nothing but the end of the connection to tell its end is whole at the end, and broken by a reset', async () => {
    serve = (socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nall of it');
    expect(await call()).toBe('all of it');
    serve = (socket) => socket.write('HTTP/1.1 200 OK\r\n\r\nhalf');
    const pieces = piecesOf((await transport.call(request())).body);
    expect(String((await pieces.next()).value)).toBe('half');
    sockets.at(-1)?.resetAndDestroy();
    await expect(readAll(pieces)).rejects.toMatchObject({ code: 'stream_incomplete' });
  });

  test('that comes too slowly has no more time for its head than any other', async () => {
    const hasty = createHttp1Transport({ ...limits, headersMs: 600 });
    let talk: NodeJS.Timeout | undefined;
    serve = (socket) => {
      talk = setInterval(() => socket.write('HTTP/1.1 103 Early Hints\r\n\r\n'), 50);
    };
    await expect(hasty.call(request())).rejects.toMatchObject({ code: 'upstream_timeout' });
    clearInterval(talk);
    await hasty.close();
  });

  test('ends with the fault of its reader, and no other call does', async () => {
    serve = (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nhalf');
    const { body } = await transport.call(request());
    const failed = new Promise<Error>((resolve) => {
      body.deliver({
        data: () => true,
        end: () => {
          resolve(new Error('it ended'));
          throw new Error('made to fail');
        },
        fail: resolve,
      });
    });
    expect(await failed).toMatchObject({ message: 'it ended' });
    serve = (socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n');
      setImmediate(() => socket.write('half'));
    };
    const next = await transport.call(request());
    const broken = new Promise<Error>((resolve) => {
      next.body.deliver({
        data: () => {
          throw new Error('made to fail');
        },
        end: () => undefined,
        fail: resolve,
      });
    });
    expect(await broken).toMatchObject({
      code: 'stream_incomplete',
      message: expect.stringContaining('made to fail'),
    });
    serve = (socket) => socket.write(ok);
    expect(await call()).toBe('ok');
  });
});

test('a server that takes the connection and not TLS is unreachable in time', async () => {
  const hasty = createHttp1Transport({ ...limits, connectMs: 400 });
  serve = () => undefined;
  const url = new URL(request().url.href.replace('http:', 'https:'));
  await expect(hasty.call(request({ url }))).rejects.toMatchObject({
    code: 'upstream_unreachable',
    message: expect.stringMatching(/there was no connection within 400 ms$/),
  });
  await until(() => sockets[0]?.destroyed === true);
  await hasty.close();
});

test('a later connection with TLS resumes the session of an earlier one', async () => {
  const certificate = makeUpCertificate();
  setDefaultCACertificates([certificate.cert]);
  const secure = await startAnsweringServer(certificate);
  const resumed: boolean[] = [];
  secure.answer((res, { socket }) => {
    resumed.push((socket as TLSSocket).isSessionReused());
    res.setHeader('connection', 'close');
    res.end('ok');
  });
  const url = new URL(secure.url);
  for (let i = 0; i < 3; i += 1) expect(await call({ url })).toBe('ok');
  expect(resumed).toEqual([false, true, true]);
  await secure.close();
  certificate.remove();
});
