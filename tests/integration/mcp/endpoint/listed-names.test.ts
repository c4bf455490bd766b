import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Client } from '@modelcontextprotocol/client';
import { objectIn, parseJsonObject, type JsonObject } from '../../../../middleware/kernel/json-object.ts';
import { gatewayPlace, type GatewayPlace } from '../../../support/mcp/gateway-place.ts';
import { until } from '../../../support/until.ts';

let place: GatewayPlace;
afterEach(() => place.close());

/** A server whose tool, prompt and resource have the same names at all of them, and answer with its own. */
const source = (server: string): string => `
import { createInterface } from 'node:readline';
const results = {
  initialize: {
    protocolVersion: '2025-11-25',
    capabilities: { tools: {}, prompts: {}, resources: {}, completions: {} },
    serverInfo: { name: 's', version: '1' },
  },
  'tools/list': { tools: [{ name: 'search', inputSchema: { type: 'object' } }] },
  'tools/call': { content: [{ type: 'text', text: '${server}' }] },
  'prompts/list': { prompts: [{ name: 'plan' }] },
  'prompts/get': { messages: [{ role: 'user', content: { type: 'text', text: '${server}' } }] },
  'resources/list': { resources: [{ name: 'note', uri: 'note://one' }] },
  'resources/templates/list': { resourceTemplates: [{ name: 'notes', uriTemplate: 'notes://{id}' }] },
  'resources/read': { contents: [{ uri: 'note://one', text: '${server}' }] },
  'completion/complete': { completion: { values: ['${server}'] } },
};
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method } = JSON.parse(line);
  if (id === undefined) return;
  const result = results[method];
  const answer = result === undefined ? { error: { code: -32601, message: 'no such method' } } : { result };
  process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, ...answer }) + '\\n');
});`;

function write(servers: readonly string[], env: JsonObject = {}): void {
  const entries = servers.map((name): [string, JsonObject] => {
    const file = join(place.home, `${name}.mjs`);
    return [name, { command: process.execPath, args: [file], env }];
  });
  writeFileSync(
    join(place.home, '.claude.json'),
    JSON.stringify({ mcpServers: Object.fromEntries(entries) }),
  );
}

async function begin(prefix: string, servers: readonly string[]): Promise<Client> {
  place = await gatewayPlace({}, { env: { CODEX_PLUS_MCP_PREFIX: prefix } });
  for (const name of ['a', 'b']) writeFileSync(join(place.home, `${name}.mjs`), source(name));
  write(servers);
  return await place.client('legacy');
}

/** What a file says counts a moment later; what is offered is not asked for to see it. */
async function knows(client: Client, servers: readonly string[]): Promise<void> {
  await until(async () => {
    const { content } = await client.callTool({ name: 'status', arguments: {} });
    const text = content.map((block) => (block.type === 'text' ? block.text : '')).join('');
    const known = parseJsonObject(text)?.['mcpServers'];
    return Array.isArray(known) && known.map((one) => objectIn(one)['name']).join(' ') === servers.join(' ');
  });
}

const toolNames = async (client: Client): Promise<readonly string[]> =>
  (await client.listTools()).tools.map(({ name }) => name).filter((name) => name.endsWith('search'));

const promptNames = async (client: Client): Promise<readonly string[]> =>
  (await client.listPrompts()).prompts.map(({ name }) => name);

const resourceUris = async (client: Client): Promise<readonly string[]> =>
  (await client.listResources()).resources.map(({ uri }) => uri);

/** What answers to all that was listed. */
async function answering(client: Client): Promise<JsonObject> {
  const { content } = await client.callTool({ name: 'search', arguments: {} });
  const { messages } = await client.getPrompt({ name: 'plan' });
  const textAt = async (uri: string): Promise<unknown> => {
    const { contents } = await client.readResource({ uri });
    return contents.map((one) => ('text' in one ? one.text : ''))[0];
  };
  const argument = { name: 'id', value: '' };
  const completed = async (ref: Parameters<Client['complete']>[0]['ref']): Promise<unknown> =>
    (await client.complete({ ref, argument })).completion.values[0];
  return {
    tool: content.map((block) => (block.type === 'text' ? block.text : ''))[0],
    prompt: messages.map((one) => (one.content.type === 'text' ? one.content.text : ''))[0],
    resource: await textAt('note://one'),
    template: await textAt('notes://7'),
    completion: await completed({ type: 'ref/resource', uri: 'notes://{id}' }),
    completionOfPrompt: await completed({ type: 'ref/prompt', name: 'plan' }),
  };
}

const allFrom = (server: string): JsonObject => ({
  ...{ tool: server, prompt: server, resource: server, template: server },
  ...{ completion: server, completionOfPrompt: server },
});

describe.each([
  ['never', ['search'], ['plan']],
  ['conflict', ['a__search', 'search'], ['a__plan', 'plan']],
])('with the prefix `%s` what was listed', (prefix, tools, prompts) => {
  test('is that of its server where another is added before it [MCP-2] [SEC-1]', async () => {
    const client = await begin(prefix, ['b']);
    expect([await toolNames(client), await promptNames(client)]).toEqual([['search'], ['plan']]);
    expect(await resourceUris(client)).toEqual(['note://one']);
    await client.listResourceTemplates();
    write(['a', 'b']);
    await knows(client, ['a', 'b']);
    expect(await answering(client)).toEqual(allFrom('b'));
    expect([await toolNames(client), await promptNames(client)]).toEqual([tools, prompts]);
    expect(await resourceUris(client)).toEqual(['codex-plus:a:note://one', 'note://one']);
    await client.listResourceTemplates();
    expect(await answering(client)).toEqual(allFrom('b'));
    // What was allowed to keep the name is gone.
    write(['a']);
    await knows(client, ['a']);
    expect([await toolNames(client), await promptNames(client)]).toEqual([['search'], ['plan']]);
    expect(await answering(client)).toEqual(allFrom('a'));
  });
});

test('with the prefix `never` a name is that of its server while that fails, also where files were changed [MCP-2] [SEC-1]', async () => {
  const client = await begin('never', ['a', 'b']);
  await toolNames(client);
  const call = (name: string): Promise<unknown> => client.callTool({ name, arguments: {} });
  const text: unknown = expect.stringContaining('MCP server "a" could not be started');
  const failed = { isError: true, content: [{ text }] };
  writeFileSync(join(place.home, 'a.mjs'), 'process.exit(3)');
  // Its entry is another one now, so that it is started anew, and what it offers is not known.
  write(['a', 'b', 'c'], { OTHER: '1' });
  await knows(client, ['a', 'b', 'c']);
  expect(await call('search')).toMatchObject(failed);
  expect(await toolNames(client)).toEqual([]);
  writeFileSync(join(place.home, '.claude', 'settings.json'), JSON.stringify({ cleanupPeriodDays: 20 }));
  write(['a', 'b'], { OTHER: '1' });
  await knows(client, ['a', 'b']);
  expect(await call('search')).toMatchObject({ isError: true });
  expect(await call('b__search')).toMatchObject({ content: [{ text: 'b' }] });
});
