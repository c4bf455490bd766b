import { truncated } from '../../support/mcp/truncated.ts';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { fixture } from '../../support/mcp/pool-place.ts';
import { gatewayPlace, type GatewayPlace } from '../../support/mcp/gateway-place.ts';

let place: GatewayPlace;
afterEach(async () => {
  await place.close();
});

const eras = ['legacy', 'modern'] as const;

async function names(client: Client): Promise<readonly string[]> {
  return (await client.listTools()).tools.map(({ name }) => name);
}

async function textOf(client: Client, name: string, input: Record<string, unknown> = {}): Promise<string> {
  const { content } = await client.callTool({ name, arguments: input });
  return content.map((block) => (block.type === 'text' ? block.text : block.type)).join('|');
}

describe('/mcp in front of the servers of others', () => {
  test.each([
    ['legacy', 'old'],
    ['legacy', 'good'],
    ['modern', 'old'],
    ['modern', 'good'],
  ] as const)('a %s client calls a tool of a server of the kind %s [MCP-2]', async (era, behaviour) => {
    place = await gatewayPlace({ one: fixture(behaviour) });
    const client = await place.client(era);
    expect(await names(client)).toEqual(expect.arrayContaining(['status', 'one__echo', 'one__fail']));
    expect(await textOf(client, 'one__echo', { text: 'hello' })).toBe('hello');
    expect(await client.callTool({ name: 'one__fail', arguments: {} })).toMatchObject({
      content: [{ type: 'text', text: 'it is not so' }],
      isError: true,
    });
    const line = place.middleware.lines.find(
      ({ message }) => message === 'a tool of an MCP server was called',
    );
    expect(line).toMatchObject({ server: 'one', tool: 'echo', outcome: 'ok' });
  });

  test('all clients and sessions share one process of a server [MCP-2]', async () => {
    place = await gatewayPlace({ one: fixture() });
    const clients = await Promise.all([...eras, ...eras].map((era) => place.client(era)));
    const pids = await Promise.all(clients.map((client) => textOf(client, 'one__pid')));
    expect(new Set(pids).size).toBe(1);
  });

  test('a server that does not start keeps nobody from the others, and is told where it is called [MCP-2]', async () => {
    place = await gatewayPlace({ bad: fixture('end-at-start'), one: fixture() });
    const client = await place.client('modern');
    expect((await names(client)).filter((name) => name.startsWith('bad'))).toEqual([]);
    expect(await textOf(client, 'one__echo', { text: 'still' })).toBe('still');
    const result = await client.callTool({ name: 'bad__echo', arguments: {} });
    expect(result).toMatchObject({ isError: true });
    expect(JSON.stringify(result)).toContain('no licence found');
  });

  test('a crash in a call is an error result that says so, and the next call works [MCP-2]', async () => {
    place = await gatewayPlace({ one: fixture() });
    const client = await place.client('modern');
    expect(await textOf(client, 'one__crash')).toContain('the disk is on fire');
    expect(await textOf(client, 'one__echo', { text: 'again' })).toBe('again');
  });

  test('a server that logs and refuses a level for it is called all the same [MCP-2] [MCP-5]', async () => {
    place = await gatewayPlace({ one: fixture('refuse-levels') });
    const client = await place.client('legacy');
    for (const text of ['first', 'second']) expect(await textOf(client, 'one__echo', { text })).toBe(text);
  });

  test('long results are cut at MAX_MCP_OUTPUT_TOKENS [MCP-5]', async () => {
    place = await gatewayPlace({ one: fixture() }, { settings: { env: { MAX_MCP_OUTPUT_TOKENS: '10' } } });
    const client = await place.client('modern');
    expect(await textOf(client, 'one__long', { length: 100 })).toBe(`${'x'.repeat(40)}|${truncated(10)}`);
  });

  test.each(eras)('what nobody has is an error of the protocol for a %s client [MCP-2]', async (era) => {
    place = await gatewayPlace({ one: fixture() });
    const client = await place.client(era);
    await expect(client.callTool({ name: 'nothing', arguments: {} })).rejects.toThrow(
      'There is no tool "nothing" here; tools/list tells which there are',
    );
  });
});

describe('names', () => {
  const two = { one: fixture(), two: fixture() };

  test('have their server before them, so that another server changes none of them [MCP-2]', async () => {
    place = await gatewayPlace({ one: fixture() });
    const before = await names(await place.client('modern'));
    await place.close();
    place = await gatewayPlace({ a: fixture(), ...two });
    const after = await names(await place.client('modern'));
    expect(after).toEqual(expect.arrayContaining([...before]));
    expect(after).toEqual(expect.arrayContaining(['a__echo', 'one__echo', 'two__echo']));
  });

  test('are those of the servers with `never`, where the first keeps its name [MCP-2]', async () => {
    place = await gatewayPlace(two, { env: { CODEX_PLUS_MCP_PREFIX: 'never' } });
    const client = await place.client('modern');
    const all = await names(client);
    expect(all.filter((name) => name === 'echo')).toEqual(['echo']);
    expect(await textOf(client, 'pid')).toBe(await textOf(client, 'one__pid'));
  });

  test('have their server before them only where two have the same with `conflict` [MCP-2]', async () => {
    place = await gatewayPlace({ one: fixture() }, { env: { CODEX_PLUS_MCP_PREFIX: 'conflict' } });
    expect(await names(await place.client('modern'))).toContain('echo');
    await place.close();
    place = await gatewayPlace(two, { env: { CODEX_PLUS_MCP_PREFIX: 'conflict' } });
    const all = await names(await place.client('modern'));
    expect(all).toEqual(expect.arrayContaining(['one__echo', 'two__echo']));
    expect(all).not.toContain('echo');
  });
});

describe('rules and hooks', () => {
  test('a tool that a rule denies is not offered, and refused where it is called [MCP-2] [SEC-1]', async () => {
    place = await gatewayPlace(
      { one: fixture(), two: fixture() },
      { settings: { permissions: { deny: ['mcp__one__echo', 'mcp__two'] } } },
    );
    const client = await place.client('modern');
    const all = await names(client);
    expect(all.filter((name) => /echo|two/.test(name))).toEqual([]);
    expect(all).toContain('one__pid');
    expect(await client.callTool({ name: 'one__echo', arguments: { text: 'x' } })).toMatchObject({
      isError: true,
    });
    expect(await textOf(client, 'two__echo')).toContain('mcp__two');
  });

  test('what a rule asks about is refused, since nobody can be asked here [MCP-2] [SEC-1]', async () => {
    place = await gatewayPlace(
      { one: fixture() },
      { settings: { permissions: { ask: ['mcp__one__echo'] } } },
    );
    const client = await place.client('legacy');
    expect(await textOf(client, 'one__echo')).toContain('nobody can be asked');
  });

  test.each(eras)(
    'what a rule asks about is put to the user of a %s client that shows forms [MCP-2] [SEC-1]',
    async (era) => {
      place = await gatewayPlace(
        { one: fixture() },
        { settings: { permissions: { ask: ['mcp__one__echo'] } } },
      );
      const asked: string[] = [];
      const answers = ['no', undefined, 'yes', 'always'];
      const client = await place.client(era, {
        options: { capabilities: { elicitation: {} } },
        prepare: (one) => {
          one.setRequestHandler('elicitation/create', ({ params: { message } }) => {
            const answer = answers[asked.length];
            asked.push(message);
            return answer === undefined ? { action: 'cancel' } : { action: 'accept', content: { answer } };
          });
        },
      });
      const say = async (text: string): Promise<string> => await textOf(client, 'one__echo', { text });
      expect([await say('a'), await say('b')]).toEqual(Array(2).fill('The user refused this call.'));
      expect([await say('c'), await say('d'), await say('d')]).toEqual(['c', 'd', 'd']);
      expect(asked).toHaveLength(4);
      expect(asked[0]).toContain('mcp__one__echo');
    },
  );

  test.each(eras)(
    'hooks change what a tool of a %s client gets and gives, or refuse it [MCP-2]',
    async (era) => {
      const say = (answer: object): string => `echo '${JSON.stringify(answer)}'`;
      const of = (event: string, more: object): object => ({
        hookSpecificOutput: { hookEventName: event, ...more },
      });
      const hooks = {
        PreToolUse: [
          {
            matcher: 'mcp__one__echo',
            hooks: [
              {
                type: 'command',
                command: say(
                  of('PreToolUse', { permissionDecision: 'allow', updatedInput: { text: 'changed' } }),
                ),
              },
            ],
          },
          {
            matcher: 'mcp__one__pid',
            hooks: [
              {
                type: 'command',
                command: say(
                  of('PreToolUse', { permissionDecision: 'deny', permissionDecisionReason: 'not now' }),
                ),
              },
            ],
          },
        ],
        PostToolUse: [
          {
            matcher: 'mcp__one__echo',
            hooks: [
              { type: 'command', command: say(of('PostToolUse', { additionalContext: 'and mind this' })) },
            ],
          },
          {
            matcher: 'mcp__one__place',
            hooks: [
              {
                type: 'command',
                command: say(of('PostToolUse', { updatedMCPToolOutput: 'nothing to see' })),
              },
            ],
          },
        ],
      };
      place = await gatewayPlace({ one: fixture() }, { settings: { hooks } });
      const client = await place.client(era);
      expect(await textOf(client, 'one__echo', { text: 'mine' })).toBe(
        'changed|PostToolUse:mcp__one__echo hook additional context: and mind this',
      );
      expect(await textOf(client, 'one__pid')).toBe('PreToolUse:mcp__one__pid hook error: not now');
      expect(await textOf(client, 'one__place')).toBe('nothing to see');
    },
  );
});

describe('projects', () => {
  test('a project that is named by header or address adds its servers once they are allowed [MCP-1]', async () => {
    for (const enabledMcpjsonServers of [[], ['theirs']]) {
      place = await gatewayPlace({ mine: fixture() }, { settings: { enabledMcpjsonServers } });
      const project = join(place.home, 'project');
      mkdirSync(project);
      writeFileSync(join(project, '.mcp.json'), JSON.stringify({ mcpServers: { theirs: fixture() } }));
      const isAllowed = enabledMcpjsonServers.length > 0;
      for (const of of [
        { query: `?project=${encodeURIComponent(project)}` },
        { headers: { 'x-codex-plus-workspace': project } },
      ]) {
        const client = await place.client('modern', of);
        expect((await names(client)).includes('theirs__echo')).toBe(isAllowed);
        expect(await textOf(client, 'theirs__echo', { text: 'hello' })).toContain(
          isAllowed ? 'hello' : 'was not allowed yet',
        );
        expect(await names(client)).toContain('mine__echo');
      }
      if (!isAllowed) await place.close();
    }
  });

  test('without one there are the servers of the user alone [MCP-1]', async () => {
    place = await gatewayPlace({ mine: fixture() });
    expect(await names(await place.client('legacy'))).toContain('mine__echo');
  });
});

describe('sessions of the older protocol', () => {
  test('belong to whoever began them, and end when they are ended [MCP-2]', async () => {
    place = await gatewayPlace({ one: fixture() });
    const call = async (session: string | undefined, body: object, more = {}): Promise<Response> =>
      await fetch(`${place.middleware.url}/mcp`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'text/event-stream, application/json',
          ...(session !== undefined && { 'mcp-session-id': session }),
          ...more,
        },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, ...body }),
      });
    const hello = await call(undefined, {
      method: 'initialize',
      params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 't', version: '1' } },
    });
    const session = hello.headers.get('mcp-session-id') ?? '';
    expect(session).not.toBe('');
    expect((await call(session, { method: 'tools/list' })).status).toBe(200);
    // Another project is another owner.
    expect((await call(session, { method: 'tools/list' }, { 'x-codex-plus-workspace': '/tmp' })).status).toBe(
      404,
    );
    expect((await call('made-up', { method: 'tools/list' })).status).toBe(404);
    const end = await fetch(`${place.middleware.url}/mcp`, {
      method: 'DELETE',
      headers: { 'mcp-session-id': session },
    });
    expect(end.status).toBe(200);
    expect((await call(session, { method: 'tools/list' })).status).toBe(404);
  });
});

describe('callers with keys', () => {
  const env = { CODEX_PLUS_API_KEYS: 'key-of-ada-0123456789,key-of-bob-0123456789' };

  test('have our own tools without a folder, and no session of another one [MCP-2] [SEC-6]', async () => {
    place = await gatewayPlace({ one: fixture() }, { env });
    await expect(place.client('modern')).rejects.toThrow();
    const ada = { authorization: 'Bearer key-of-ada-0123456789' };
    const own = await names(await place.client('modern', { headers: ada }));
    expect(own).toEqual(['status', 'run_command']);
    const client = await place.client('legacy', { headers: ada });
    const session = (client.transport as StreamableHTTPClientTransport).sessionId ?? '';
    const asked = await fetch(`${place.middleware.url}/mcp`, {
      method: 'POST',
      headers: {
        authorization: 'Bearer key-of-bob-0123456789',
        'content-type': 'application/json',
        accept: 'text/event-stream, application/json',
        'mcp-session-id': session,
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
    });
    expect(asked.status).toBe(404);
  });
});
