import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { withinBounds } from '../../../middleware/features/mcp/transport/within-bounds.ts';

let server: Server | undefined;
afterEach(() => {
  server?.close();
});

/** What is read of an event stream, where no time goes by. */
async function readText(stream: string): Promise<string> {
  server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/event-stream');
    response.end(stream);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server?.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const answer = await withinBounds(fetch, { now: () => 0, onCut: () => undefined })(
    `http://127.0.0.1:${port}/`,
  );
  return await answer.text();
}

/** The same of one of these messages. */
async function read(messages: readonly object[]): Promise<readonly { method?: string }[]> {
  const text = await readText(messages.map((message) => `data: ${JSON.stringify(message)}\n\n`).join(''));
  return text
    .split('\n\n')
    .filter((event) => event !== '')
    .map((event) => JSON.parse(event.slice(event.indexOf('data: ') + 6)) as { method?: string });
}

const times = (count: number, message: object): readonly object[] =>
  Array.from({ length: count }, () => ({ jsonrpc: '2.0', ...message }));
const progress = { method: 'notifications/progress', params: { progressToken: 1, progress: 1 } };
const changed = { method: 'notifications/tools/list_changed' };
const answer = { jsonrpc: '2.0', id: 1, result: { content: [] } };
const ones = (count: number): readonly number[] => Array.from({ length: count }, () => 1);
const large = { ...progress, params: { ...progress.params, many: ones(2_000) } };
const whole = { jsonrpc: '2.0', id: 1, result: { many: ones(140_000) } };

describe('a server at a URL that tells more in a second than anybody reads', () => {
  test('is heard as far as that, and its answer comes, behind the last of its changes [MCP-5]', async () => {
    const heard = await read([...times(1_500, progress), ...times(1_500, changed), answer]);
    expect(heard.filter(({ method }) => method === progress.method)).toHaveLength(1_000);
    expect(heard.filter(({ method }) => method === changed.method)).toHaveLength(1);
    expect(heard).toContainEqual(answer);
  });

  test('is broken off where it asks as much [MCP-5]', async () => {
    await expect(read(times(1_001, { id: 'a', method: 'ping' }))).rejects.toThrow();
  });

  test('in values is heard as far as that, and its answer comes, however many it has [MCP-5]', async () => {
    const heard = await read([...times(500, large), ...times(10, changed), ...times(10, progress), whole]);
    expect(heard.filter(({ method }) => method === progress.method)).toHaveLength(59);
    expect(heard.filter(({ method }) => method === changed.method)).toHaveLength(10);
    expect(heard).toContainEqual(expect.objectContaining({ id: 1 }));
  });

  test.each([
    ['questions', times(50, { ...large, id: 'a' })],
    ['answers', times(4, whole)],
  ])('is broken off where that is %s with more values in them [MCP-5]', async (_, messages) => {
    await expect(read(messages)).rejects.toThrow();
  });

  test('that tells no more than that is read as it is [MCP-5]', async () => {
    const messages = [...times(999, progress), answer];
    expect(await read(messages)).toEqual(messages);
  });

  test.each([
    ['comments', ': c\n\n'],
    ['events without data', 'event: a\n\n'],
    ['events with no data in them', 'data:\n\n'],
    ['events that are no messages', 'data: x\n\n'],
  ])('is broken off where that is %s [MCP-5]', async (_, event) => {
    const message = `data: ${JSON.stringify(answer)}\n\n`;
    expect(await readText(event.repeat(500) + message)).toContain(message);
    server?.close();
    await expect(readText(event.repeat(3_000) + message)).rejects.toThrow();
  });

  test('is broken off where that is short answers [MCP-5]', async () => {
    await expect(read(times(10_000, answer))).rejects.toThrow();
  });
});
