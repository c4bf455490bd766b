import { createHash, randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { describeEachTransport } from '../../support/each-transport.ts';
import { headerOf } from '../../support/raw-client.ts';
import { piecesOf, readAll } from '../../support/transports.ts';
import { until } from '../../support/until.ts';

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

function names(rawHeaders: readonly string[]): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
}

function pairsOf(rawHeaders: readonly string[]): Record<string, string | undefined> {
  return Object.fromEntries<string | undefined>(
    rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [[name, rawHeaders[index + 1]]] : [])),
  );
}

const ofConnection = /^(?:connection|keep-alive)$/i;

/** What each transport adds to the headers of a request. */
const addedBy = {
  http1: ['connection', 'content-length', 'host'],
  undici: ['connection', 'content-length', 'host'],
  codex: ['content-length', 'host'],
  browser: ['accept-encoding', 'content-length', 'host'],
};

describeEachTransport(({ name, call, served, server, transport }) => {
  test('every byte value and a body of a megabyte go both ways unchanged [RT-2]', async () => {
    const body = Buffer.concat([Buffer.from(Array.from({ length: 256 }, (_, i) => i)), randomBytes(1 << 20)]);
    server().answer((res, seen) => res.end(seen.body));
    const answer = await transport().call(call({ body }));
    expect(sha256(await readAll(answer.body))).toBe(sha256(body));
    expect([served().url, sha256(served().body)]).toEqual(['/backend-api/codex/responses?a=b', sha256(body)]);
  });

  test("the headers of a request arrive in their order, and none of the transport's own but the connection's [RT-2]", async () => {
    const headers = [
      ...['X-Codex-Window-Id', 'w:0', 'accept', 'text/event-stream', 'authorization', 'Bearer made-up'],
      ...['originator', 'codex_exec', 'user-agent', 'codex_exec/0.169.0', 'x-text', 'a\u00c3\u00a4b'],
    ];
    await readAll((await transport().call(call({ headers }))).body);
    const pairs = Object.entries(pairsOf(served().rawHeaders));
    const sent = Object.entries(pairsOf(headers)).map(([header, value]) =>
      name === 'browser' ? [header.toLowerCase(), value] : [header, value],
    );
    const isSent = ([header]: readonly [string, unknown]): boolean =>
      names(headers).includes(header.toLowerCase());
    expect(pairs.filter(isSent)).toEqual(sent);
    const added = pairs.filter((pair) => !isSent(pair)).map(([header]) => header);
    expect(added.sort()).toEqual(addedBy[name]);
  });

  test('a header that is repeated arrives with all its values [RT-2]', async () => {
    const headers = ['baggage', 'a=1', 'x-codex-a', '1', 'baggage', 'b=2'];
    await readAll((await transport().call(call({ headers }))).body);
    const values = served().rawHeaders.filter(
      (_, i, all) => i % 2 === 1 && all[i - 1]?.toLowerCase() === 'baggage',
    );
    expect(values.join(', ')).toBe('a=1, b=2');
  });

  test('status, reason and headers of an answer come as they are, cookies apart [RT-2]', async () => {
    const headers = [
      ...['X-Codex-Turn-State', 't', 'Set-Cookie', '__cf_bm=1; Path=/', 'set-cookie', '_cfuvid=2'],
      ...['x-text', '\u00e4', 'Content-Length', '2'],
    ];
    server().answer((res) => {
      res.sendDate = false;
      res.writeHead(429, 'Slow Down', headers);
      // As bytes: Node would send a head that goes out with text as UTF-8.
      res.end(Buffer.from('no'));
    });
    const answer = await transport().call(call());
    expect((await readAll(answer.body)).toString()).toBe('no');
    const asServed = name === 'browser' ? 'Too Many Requests' : 'Slow Down';
    expect([answer.status, answer.statusMessage]).toEqual([429, asServed]);
    // Connection and Keep-Alive are Node's and stand last; the browser's headers are sorted.
    const own = answer.headers.filter((_, i, all) => !ofConnection.test(all[i - (i % 2)] ?? ''));
    expect(own).toEqual(
      name === 'browser'
        ? [
            ...['content-length', '2', 'set-cookie', '__cf_bm=1; Path=/', 'set-cookie', '_cfuvid=2'],
            ...['x-codex-turn-state', 't', 'x-text', '\u00e4'],
          ]
        : headers,
    );
    expect(names(answer.headers)).toContain('connection');
  });

  test('the bytes of an encoded answer fit its headers: as they came, or decoded and without the encoding [RT-2]', async () => {
    const encoded = gzipSync('hello');
    server().answer((res) => {
      res.writeHead(200, ['content-encoding', 'gzip', 'content-length', String(encoded.length)]);
      res.end(encoded);
    });
    const answer = await transport().call(call({ headers: ['accept-encoding', 'gzip'] }));
    const bytes = await readAll(answer.body);
    const described = [
      headerOf(answer.headers, 'content-encoding'),
      headerOf(answer.headers, 'content-length'),
    ];
    if (name === 'browser') {
      expect([bytes.toString(), ...described]).toEqual(['hello', undefined, undefined]);
      expect(headerOf(served().rawHeaders, 'accept-encoding')).toBe('identity');
    } else {
      expect([bytes.toString('hex'), ...described]).toEqual([
        encoded.toString('hex'),
        'gzip',
        String(encoded.length),
      ]);
    }
  });

  test('a redirect is an answer, and is not followed [RT-2]', async () => {
    const before = server().calls.length;
    server().answer((res) => {
      res.writeHead(302, { location: `${server().url}/elsewhere` });
      res.end('moved');
    });
    const answer = await transport().call(call());
    expect([answer.status, (await readAll(answer.body)).toString()]).toEqual([302, 'moved']);
    expect([headerOf(answer.headers, 'location'), server().calls.length]).toEqual([
      `${server().url}/elsewhere`,
      before + 1,
    ]);
  });

  test('the pieces of a stream come as they are sent, not at its end [RT-2]', async () => {
    let write: (text: string) => void = () => undefined;
    server().answer((res) => {
      write = (text) => res.write(text);
      write('data: 1\n\n');
    });
    const { body } = await transport().call(call());
    const pieces = piecesOf(body);
    for (const text of ['data: 1\n\n', 'data: 2\n\n', 'data: 3\n\n']) {
      if (text !== 'data: 1\n\n') write(text);
      expect(String((await pieces.next()).value)).toBe(text);
    }
    await pieces.return();
    await until(() => served().isCut());
  });

  test('connections are used again [RT-2]', async () => {
    const calls = 6;
    for (let i = 0; i < calls; i += 1) await readAll((await transport().call(call())).body);
    const ports = server()
      .calls.slice(-calls)
      .map(({ socket }) => socket.remotePort);
    // undici opens a second one for a call that comes in the very moment in which the first one ends.
    expect(new Set(ports).size).toBeLessThanOrEqual(2);
  });
});
