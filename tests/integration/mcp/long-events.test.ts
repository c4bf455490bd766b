import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { withinBounds } from '../../../middleware/features/mcp/transport/within-bounds.ts';

let server: Server | undefined;
afterEach(() => {
  server?.close();
});

/** What goes on to the SDK of an answer. */
async function read(type: string, body: string): Promise<string> {
  server?.close();
  server = createServer((_request, response) => {
    response.setHeader('content-type', type);
    response.end(body);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server?.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const fetchBounded = withinBounds(fetch, { now: () => 0, onCut: () => undefined });
  return await (await fetchBounded(`http://127.0.0.1:${port}/`)).text();
}

const events = 'text/event-stream';
const answer = JSON.stringify({ jsonrpc: '2.0', id: 1, result: { content: [] } });
const indented = JSON.stringify({ jsonrpc: '2.0', id: 1, result: { many: Array(40).fill(1) } }, null, 1);
const plain = (more: string, data: string): string => `${more}event: message\ndata: ${data}\n\n`;

describe('of an event of many lines', () => {
  test.each(['\n', '\r\n', '\r'])('no more goes on than what they say, between %j [MCP-5]', async (end) => {
    const lines = (line: string): string => `${line}${end}`.repeat(10_000);
    const message = `data: ${answer}${end}${end}`;
    expect(await read(events, `${lines('zz: 1')}${message}`)).toBe(plain('', answer));
    expect(await read(events, `${lines('zz')}${lines(':')}${message}`)).toBe(plain('', answer));
    expect(await read(events, `${lines('id: 7')}retry: 5${end}${message}`)).toBe(
      plain('id: 7\nretry: 5\n', answer),
    );
    expect(await read(events, `${lines('zz: 1')}id: 8${end}${end}${message}`)).toBe(`id: 8\n\n${message}`);
    const text = await read(events, `data: ${indented.replaceAll('\n', `${end}data: `)}${end}${end}`);
    expect(JSON.parse(text.slice(text.indexOf('data: ') + 6))).toEqual(JSON.parse(indented));
  });

  test('nothing goes on where it has no end [MCP-5]', async () => {
    expect(await read(events, 'zz: 1\n'.repeat(10_000))).toBe('');
  });

  test('what has more lines than are read is broken off [MCP-5]', async () => {
    for (const line of ['zz: 1\n', 'data:\n', ':\r', 'id: 1\r\n'])
      await expect(read(events, `${line.repeat(60_000)}data: ${answer}\n\n`)).rejects.toThrow();
  });

  test('what has few goes on as it came [MCP-5]', async () => {
    const event = `: c\r\nid: 3\r\nevent: message\r\ndata: ${answer}\r\n\r\n`;
    expect(await read(events, event.repeat(3))).toBe(event.repeat(3));
  });
});

test('an array of more messages than are read is no answer [MCP-5]', async () => {
  const many = (count: number): string => `[${Array(count).fill(answer).join()}]`;
  const json = 'application/json';
  expect(await read(json, many(1_000))).toBe(many(1_000));
  await expect(read(json, many(1_001))).rejects.toThrow();
  expect(await read(events, `data: ${many(1_001)}\n\n`)).toBe('');
});
