import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { AnswerStreams } from '../../../middleware/features/mcp/transport/remote/answer-streams.ts';
import { guardCallbacks } from '../../../middleware/features/mcp/transport/guard-callbacks.ts';
import { poolPlace, type PoolPlace } from '../../support/mcp/pool-place.ts';
import { until } from '../../support/until.ts';

interface Message {
  readonly id?: number;
  readonly method?: string;
}

type Answer = (response: ServerResponse, id: number | undefined) => unknown;

let place: PoolPlace;
let server: Server;
/** How a call is answered, and how somebody who asks for a stream. */
let onCall: Answer;
let onGet: (response: ServerResponse, lastEventId: string | undefined) => unknown;
let gets: (string | undefined)[];

const serverInfo = { name: 'broken', version: '1' };
const results: Readonly<Record<string, object>> = {
  initialize: { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo },
  'tools/list': { tools: [{ name: 'do', inputSchema: { type: 'object' } }] },
};
const message = (id: unknown, more: object): string => JSON.stringify({ jsonrpc: '2.0', id, ...more });
const done = (id: unknown): string => message(id, { result: { content: [{ type: 'text', text: 'done' }] } });
const event = (data: string): string => `data: ${data}\n\n`;
const stream = (response: ServerResponse): ServerResponse =>
  response.writeHead(200, { 'content-type': 'text/event-stream' });
const json = (response: ServerResponse, body: string): unknown =>
  response.writeHead(200, { 'content-type': 'application/json' }).end(body);

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === 'GET') {
    const id = request.headers['last-event-id'] as string | undefined;
    gets.push(id);
    onGet(response, id);
    return;
  }
  const { id, method = '' } = JSON.parse((await text(request)) || '{}') as Message;
  const result = results[method];
  if (id === undefined) response.writeHead(202).end();
  else if (method === 'tools/call') onCall(response, id);
  else
    json(
      response,
      message(id, result === undefined ? { error: { code: -32601, message: 'no' } } : { result }),
    );
}

const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

beforeEach(async () => {
  gets = [];
  onGet = (response) => response.writeHead(405).end();
  place = poolPlace();
  server = createServer((request, response) => void serve(request, response)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
});

afterEach(async () => {
  await place.close();
  server.close();
  server.closeAllConnections();
});

describe('a call at a server at a URL', () => {
  const call = () => place.call(place.project({ one: { type: 'http', url: url(), timeout: 4_000 } }), 'do');

  const ends: readonly (readonly [string, Answer, string])[] = [
    ['ends', (response) => stream(response).end(': bye\n\n'), 'ended without an answer'],
    [
      'is reset',
      (response) => stream(response).write(': x\n\n', () => response.destroy()),
      'ended without an answer',
    ],
    [
      'is broken off for its empty events',
      (response, id) => stream(response).end(`${'\r'.repeat(100_000)}${event(done(id))}`),
      'more than 1000 events in a second',
    ],
    [
      'has answers of many values to nothing that was asked',
      (response) => {
        const many = event(message('z', { result: { many: Array(100_000).fill(0) } }));
        stream(response).end(many.repeat(10));
      },
      'more than 500000 values in a second',
    ],
    [
      'has events of another name',
      (response, id) => stream(response).end(`event: ${'i'.repeat(100_000)}\n${event(done(id))}`),
      'ended without an answer',
    ],
  ];
  test.each(ends)('whose stream %s fails at once, with the reason [MCP-5]', async (_, answer, reason) => {
    onCall = answer;
    await expect(call()).rejects.toMatchObject({ kind: 'broken', message: expect.stringContaining(reason) });
  });

  test('that is answered with something else in one piece fails at once [MCP-5]', async () => {
    for (const body of [done('other'), '[]', message(undefined, { method: 'notifications/other' })]) {
      onCall = (response) => json(response, body);
      await expect(call()).rejects.toMatchObject({
        ...{ kind: 'broken', message: expect.stringContaining('answered with something else') },
      });
    }
  });

  test('whose stream ends behind its answer has that [MCP-5]', async () => {
    for (const body of [(id: unknown) => event(done(id)), (id: unknown) => `id: 1\n${event(done(id))}`]) {
      onCall = (response, id) => stream(response).end(body(id));
      expect(await call()).toBe('done');
    }
    expect(gets.filter((id) => id !== undefined)).toEqual([]);
  });

  test('whose stream goes on in another one, as the server told by an id, has its answer [MCP-5]', async () => {
    let asked: unknown;
    onCall = (response, id) => {
      asked = id;
      stream(response).end('retry: 0\nid: first\ndata:\n\n');
    };
    onGet = (response, lastEventId) =>
      lastEventId === undefined ? response.writeHead(405).end() : stream(response).end(event(done(asked)));
    expect(await call()).toBe('done');
    expect(gets.filter((id) => id !== undefined)).toEqual(['first']);
  });
});

describe('a stream that ends whenever it is asked for', () => {
  /** A client, and the pauses that were made, of which the last one has no end. */
  const connected = async (most: number): Promise<{ client: Client; pauses: readonly number[] }> => {
    const pauses: number[] = [];
    const streams = new AnswerStreams({
      now: () => 0,
      pause: (ms) => {
        pauses.push(ms);
        return pauses.length < most ? Promise.resolve() : new Promise(() => undefined);
      },
    });
    const transport = new StreamableHTTPClientTransport(new URL(url()), {
      fetch: streams.fetchThrough(fetch),
    });
    guardCallbacks(transport, { onThrown: () => undefined, onMessage: streams.onMessage });
    streams.watch(transport);
    const client = new Client({ name: 'test', version: '1' });
    await client.connect(transport);
    return { client, pauses };
  };

  test('is asked for later each time, up to a minute [MCP-5]', async () => {
    onGet = (response) => stream(response).end('retry: 0\nid: 1\ndata:\n\n');
    const { client, pauses } = await connected(9);
    await until(() => pauses.length === 9);
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60].map((seconds) => 1_000 * seconds));
    expect(gets).toHaveLength(9);
    await client.close();
  });

  test('fails the call whose answer it should have after a few times [MCP-5]', async () => {
    onCall = (response) => stream(response).end('retry: 0\nid: 1\ndata:\n\n');
    onGet = (response, lastEventId) =>
      lastEventId === undefined
        ? response.writeHead(405).end()
        : stream(response).end(`retry: 0\nid: ${lastEventId}1\ndata:\n\n`);
    const { client, pauses } = await connected(100);
    await expect(client.callTool({ name: 'do' })).rejects.toThrow('ended without an answer');
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000]);
    await client.close();
  });
});

test('a call at a server over SSE whose stream ends fails at once, and the next one reaches it anew [MCP-5]', async () => {
  let events: ServerResponse | undefined;
  let isWell = false;
  const sse = createServer((request, response) => {
    if (request.method === 'GET') {
      gets.push(undefined);
      events = stream(response);
      events.write('retry: 0\nevent: endpoint\ndata: /message\n\n');
      return;
    }
    void text(request).then((body) => {
      const { id, method = '' } = JSON.parse(body) as Message;
      response.writeHead(202).end();
      if (method === 'tools/call') events?.[isWell ? 'write' : 'end'](isWell ? event(done(id)) : '');
      else if (id !== undefined) events?.write(event(message(id, { result: results[method] ?? {} })));
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => sse.once('listening', resolve));
  const { port } = sse.address() as AddressInfo;
  const project = place.project({ one: { type: 'sse', url: `http://127.0.0.1:${port}/`, timeout: 4_000 } });
  await expect(place.call(project, 'do')).rejects.toMatchObject({
    ...{ kind: 'broken', message: expect.stringContaining('ended its event stream') },
  });
  expect(gets).toHaveLength(1);
  isWell = true;
  expect(await place.call(project, 'do')).toBe('done');
  expect(gets).toHaveLength(2);
  await place.pool.close();
  sse.close();
  sse.closeAllConnections();
});
