import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { withinBounds } from '../../../middleware/features/mcp/transport/within-bounds.ts';
import { askingFixture, poolPlace, scriptedFixture, type PoolPlace } from '../../support/mcp/pool-place.ts';
import { gatewayPlace, type GatewayPlace } from '../../support/mcp/gateway-place.ts';

let place: PoolPlace | undefined;
let gateway: GatewayPlace | undefined;
let server: Server | undefined;
afterEach(async () => {
  await gateway?.close();
  await place?.close();
  server?.close();
  [place, gateway, server] = [undefined, undefined, undefined];
});

const many = <Part>(count: number, part: Part): readonly Part[] => Array.from({ length: count }, () => part);
const text = { type: 'text', text: '' };

describe('a server that answers with more parts than anybody reads', () => {
  test('is told as a model can understand it, and goes on [MCP-5]', async () => {
    place = poolPlace();
    const results = [
      { content: many(40_000, text) },
      { content: many(100_000, text) },
      { content: many(40_000, { type: 'nothing of the kind' }) },
    ];
    const names = results.map((_, at) => `s${at}`);
    const entries = results.map((result) => scriptedFixture(place?.folder ?? '', { 'tools/call': result }));
    const project = place.project(Object.fromEntries(names.map((name, at) => [name, entries[at] ?? {}])));
    const said = (at: number): Promise<string> =>
      place?.call(project, 'any', {}, { server: `s${at}` }) ?? Promise.reject(new Error('no place'));
    expect((await said(0)).trim()).toContain('[OUTPUT TRUNCATED - more than 1000 parts]');
    expect(await said(1)).toContain(
      'has more than 150000 values and was left out: ask it for less at a time',
    );
    await expect(said(2)).rejects.toThrow('Invalid result for tools/call');
    expect(names.map((name) => place?.servers.stateOf(name, project)?.state)).toEqual(many(3, 'running'));
  });

  test('in a list is told, and used as far as it goes [MCP-5]', async () => {
    place = poolPlace();
    const script = { 'prompts/list': { prompts: many(20_000, { name: 'a' }) } };
    const project = place.project({ one: scriptedFixture(place.folder, script) });
    const { signal } = new AbortController();
    const found = await place.servers.inspect('one', { project, conversation: 'c' }, signal);
    expect(found.prompts).toHaveLength(1_000);
    expect(place.servers.stateOf('one', project)).toMatchObject({ cut: ['prompts'] });
  });

  test('at /mcp has its client told what is missing [MCP-5]', async () => {
    place = poolPlace();
    gateway = await gatewayPlace({
      one: scriptedFixture(place.folder, {
        'tools/call': { content: many(5_000, { type: 'resource_link', name: 'a', uri: 'a:b' }) },
        'prompts/get': { messages: many(5_000, { role: 'user', content: text }) },
        'resources/read': { contents: many(5_000, { uri: 'note://any', text: '' }) },
      }),
    });
    const client = await gateway.client('modern');
    const { content } = await client.callTool({ name: 'one__any' });
    expect(content).toHaveLength(1_001);
    expect(JSON.stringify(content.at(-1))).toContain('more than 1000 parts');
    const { messages } = await client.getPrompt({ name: 'one__any' });
    expect(messages).toHaveLength(1_001);
    await expect(client.readResource({ uri: 'note://any' })).rejects.toThrow('has more than 1000 contents');
  });
});

test.each([
  ['application/json', (message: string) => message],
  ['text/event-stream', (message: string) => `id: 5\r\nevent: message\r\ndata: ${message}\r\n\r\n`],
])('what is read of %s has no more parts than anybody reads [MCP-5]', async (type, written) => {
  const answer = { jsonrpc: '2.0', id: 1, result: { contents: many(2_000, { uri: 'a', text: '' }) } };
  server = createServer((_request, response) => {
    response.setHeader('content-type', type);
    response.end(written(JSON.stringify(answer)));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server?.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const read = await withinBounds(fetch, { now: () => 0, onCut: () => undefined })(
    `http://127.0.0.1:${port}/`,
  );
  const said = await read.text();
  expect(said).toContain(
    '"id":1,"error":{"code":-32603,"message":"what the MCP server answered has more than 1000',
  );
  if (type === 'text/event-stream') expect(said).toMatch(/^id: 5\r?\nevent: message\ndata: \{.*\}\n\n$/);
});

test.each(['new', 'old'] as const)(
  'a form with more fields than anybody fills in is told the tool that asks, with the protocol of a server that is %s [MCP-5]',
  async (era) => {
    place = poolPlace();
    const project = place.project({ one: askingFixture(era) });
    const properties = Object.fromEntries(
      Array.from({ length: 101 }, (_, at) => [`f${at}`, { type: 'string' }]),
    );
    const requestedSchema = { type: 'object', properties };
    const questions = [{ mode: 'form', message: 'Who?', requestedSchema }];
    expect(await place.call(project, 'ask', { questions })).toContain('a form of more than 100 fields');
  },
);
