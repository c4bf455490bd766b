import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from '@jest/globals';
import { fetchOver } from '../../../middleware/features/mcp/transport/fetch-over.ts';
import { withinBounds } from '../../../middleware/features/mcp/transport/within-bounds.ts';
import { connectionsToServer } from '../../../middleware/features/mcp/transport/connections-to-server.ts';
import { poolPlace, type PoolPlace } from '../../support/mcp/pool-place.ts';
import { sseFixture } from '../../support/mcp/sse-fixture.ts';
import { remoteFixture, type RemoteFixture } from '../../support/mcp/remote-fixture.ts';

let place: PoolPlace;
let remote: RemoteFixture;
afterEach(async () => {
  await place.close();
  await remote.close();
});

const count = (method: string): number => remote.requests.filter((one) => one === method).length;

describe('a server over Streamable HTTP', () => {
  test.each([
    ['both', 'modern'],
    ['sessions', 'legacy'],
  ] as const)(
    'of the kind %s is asked once which protocol it speaks, for all workspaces [MCP-1]',
    async (how, era) => {
      place = poolPlace();
      remote = await remoteFixture(how);
      const entries = { one: { type: 'http', url: remote.url, headers: { 'x-of': 'mine' } } };
      const project = place.project(entries);
      expect(await place.call(project, 'echo', { text: 'hello' })).toBe('hello');
      expect(await place.call(place.project(entries, { workspace: '/' }), 'echo', { text: 'you' })).toBe(
        'you',
      );
      expect(place.servers.stateOf('one', project)).toMatchObject({ state: 'running', era, pid: undefined });
      expect([count('POST server/discover'), count('POST initialize')]).toEqual([
        1,
        era === 'legacy' ? 1 : 0,
      ]);
      expect(remote.headers.every((headers) => headers['x-of'] === 'mine')).toBe(true);
    },
  );

  test('is asked for its tools once a minute by calls, and not with each of them [MCP-2]', async () => {
    let now = 0;
    place = poolPlace({ now: () => now });
    remote = await remoteFixture('both');
    const project = place.project({ one: { type: 'http', url: remote.url } });
    const lists: number[] = [];
    for (now of [0, 1_000, 59_000, 61_000, 120_000]) {
      expect(await place.call(project, 'echo', { text: 'hello' })).toBe('hello');
      lists.push(count('POST tools/list'));
    }
    expect(lists).toEqual([1, 1, 1, 2, 2]);
  });

  test.each([500, 502])(
    'of the older protocol that answers the question which one it speaks with %i is spoken to in that [MCP-1]',
    async (status) => {
      place = poolPlace();
      remote = await remoteFixture('sessions');
      remote.refuse('server/discover', status);
      const project = place.project({ one: { type: 'http', url: remote.url } });
      expect(await place.call(project, 'echo', { text: 'hello' })).toBe('hello');
      expect(place.servers.stateOf('one', project)).toMatchObject({ state: 'running', era: 'legacy' });
      expect([count('POST server/discover'), count('POST initialize')]).toEqual([1, 1]);
    },
  );

  test('that answers nothing but an error is told with it, and asked which protocol it speaks each time [MCP-1]', async () => {
    place = poolPlace();
    remote = await remoteFixture('both');
    remote.refuse('jsonrpc', 500);
    const project = place.project({ one: { type: 'http', url: remote.url } });
    for (let times = 1; times <= 2; times += 1) {
      await expect(place.call(project, 'echo')).rejects.toThrow(
        /could not be started: [^V].*not like this.* \(status 500\)$/,
      );
      expect([count('POST server/discover'), count('POST initialize')]).toEqual([times, times]);
    }
    remote.refuse('nothing', 500);
    expect(await place.call(project, 'echo', { text: 'hello' })).toBe('hello');
    expect(place.servers.stateOf('one', project)).toMatchObject({ era: 'modern' });
  });

  test('that forgot the session is reached anew, and takes leave of it at the end [MCP-1]', async () => {
    place = poolPlace();
    remote = await remoteFixture('sessions');
    const project = place.project({ one: { type: 'http', url: remote.url } });
    await place.call(project, 'echo', { text: 'one' });
    remote.forget();
    expect(await place.call(project, 'echo', { text: 'two' })).toBe('two');
    expect([count('POST server/discover'), count('POST initialize')]).toEqual([1, 2]);
    await place.pool.close();
    expect(count('DELETE')).toBeGreaterThan(0);
  });

  test.each([
    ['both', 400],
    ['both', 404],
    ['sessions', 400],
    ['sessions', 429],
  ] as const)(
    'of the kind %s that answers one call with %i goes on with those of others, and is not at fault [MCP-5]',
    async (how, status) => {
      place = poolPlace();
      remote = await remoteFixture(how);
      const project = place.project({ one: { type: 'http', url: remote.url } });
      const other = place.call(project, 'held');
      remote.refuse('too much', status);
      for (let times = 0; times < 3; times += 1)
        await expect(place.call(project, 'echo', { text: 'too much' })).rejects.toThrow('not like this');
      expect(place.servers.stateOf('one', project)).toMatchObject({
        state: 'running',
        lastError: expect.stringContaining('not like this'),
      });
      remote.release();
      expect(await other).toBe('released');
      expect(count('POST initialize')).toBe(how === 'sessions' ? 1 : 0);
      expect(place.outcomes).toEqual(['refused', 'refused', 'refused', 'ok']);
      // The session may be what was wrong: where nobody else uses it, the next call has another one.
      await expect(place.call(project, 'echo', { text: 'too much' })).rejects.toThrow('not like this');
      expect(await place.call(project, 'echo', { text: 'one' })).toBe('one');
      expect(count('POST initialize')).toBe(how === 'sessions' ? 2 : 0);
    },
  );

  test('gets what its helper prints, which goes over what is written [MCP-1]', async () => {
    place = poolPlace();
    remote = await remoteFixture('both');
    const headersHelper = `echo "{\\"x-of\\": \\"$CLAUDE_CODE_MCP_SERVER_NAME\\"}"`;
    const project = place.project({ one: { url: remote.url, headers: { 'X-Of': 'no' }, headersHelper } });
    await place.call(project, 'echo', { text: 'one' });
    expect(remote.headers.every((headers) => headers['x-of'] === 'one')).toBe(true);
    const failing = place.project({ one: { url: remote.url, headersHelper: 'exit 7' } });
    await expect(place.call(failing, 'echo')).rejects.toThrow('its headersHelper ended with exit code 7');
  });

  test('gets what its helper prints anew where it refuses what was printed before [MCP-1] [MCP-5]', async () => {
    place = poolPlace();
    remote = await remoteFixture('both');
    // The first token has ended.
    const headersHelper =
      'echo x >> runs; [ $(wc -l < runs) = 1 ] && t=wrong || t=right; echo "{\\"Authorization\\": \\"Bearer $t\\"}"';
    const project = place.project({ one: { url: remote.url, headersHelper } });
    expect(await place.call(project, 'echo', { text: 'one' })).toBe('one');
    expect(await place.call(project, 'echo', { text: 'two' })).toBe('two');
    expect(readFileSync(join(place.folder, 'runs'), 'utf8')).toBe('x\nx\n');
    const wrong = `echo x >> wrong; echo '{"Authorization": "Bearer wrong"}'`;
    const refused = place.project({ one: { url: remote.url, headersHelper: wrong } });
    await expect(place.call(refused, 'echo')).rejects.toThrow('wants a credential');
  });

  test.each([
    ['of its entry', { headers: { 'X-Key': 'secret\none' } }],
    ['of its helper', { headersHelper: `printf '{"X-Key":"secret\\\\none"}'` }],
  ])(
    'is not reached with a header %s that cannot be one, whose value nobody is told [MCP-1] [SEC-3]',
    async (_, more) => {
      place = poolPlace();
      remote = await remoteFixture('both');
      const project = place.project({ one: { url: remote.url, ...more } });
      const error: unknown = await place.call(project, 'echo').catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ message: expect.stringContaining('its header X-Key cannot be sent') });
      expect(inspect(error, { depth: 9 })).not.toContain('secret');
      expect(JSON.stringify(place.lines)).not.toContain('secret');
      expect(remote.requests).toEqual([]);
    },
  );

  test('that refuses the credential, and one that is not there, are told with what to do [MCP-1]', async () => {
    place = poolPlace();
    remote = await remoteFixture('both');
    const project = place.project({ one: { url: remote.url, auth: 'wrong' } });
    await expect(place.call(project, 'echo')).rejects.toThrow(
      'MCP server "one" wants a credential: put one into `headers` of its entry',
    );
    const { url } = remote;
    await remote.close();
    await expect(place.call(place.project({ one: { url } }), 'echo')).rejects.toThrow(
      /could not be started: .*ECONNREFUSED.*; nothing listens there: start the server, or check its `url`$/,
    );
    remote = await remoteFixture('both');
  });
});

test('a server over SSE is not asked for the newer protocol [MCP-1]', async () => {
  place = poolPlace();
  remote = await remoteFixture('both');
  const sse = await sseFixture();
  const project = place.project({ one: { type: 'sse', url: sse.url } });
  expect(await place.call(project, 'echo', { text: 'hello' })).toBe('hello');
  expect(sse.methods.slice(0, 2)).toEqual(['initialize', 'notifications/initialized']);
  expect(place.servers.stateOf('one', project)).toMatchObject({ state: 'running', era: 'legacy' });
  await place.pool.close();
  await sse.close();
});

describe('an answer without an end', () => {
  test.each(['', '\n\n'])('is broken off, and told, with %j between its pieces [MCP-5]', async (between) => {
    place = poolPlace();
    remote = await remoteFixture('both');
    remote.answerEndlessly('application/json', between);
    const project = place.project({ one: { url: remote.url } });
    await expect(place.call(project, 'echo')).rejects.toThrow('it sent more than 10485760 bytes at once');
  });

  test('is broken off also where it is an event of a stream, which itself may go on [MCP-5]', async () => {
    place = poolPlace();
    remote = await remoteFixture('both');
    remote.answerEndlessly('text/event-stream', '\n\n');
    const connections = connectionsToServer();
    const boundedFetch = withinBounds(fetchOver(connections), { now: () => 0, onCut: () => undefined });
    const { body } = await boundedFetch(remote.url);
    let size = 0;
    for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>)
      if ((size += chunk.length) > 20 * 1024 * 1024) break;
    remote.answerEndlessly('text/event-stream');
    const endless = await boundedFetch(remote.url);
    await expect(endless.text()).rejects.toThrow('it sent more than 10485760 bytes at once');
    await connections.close();
  });
});
