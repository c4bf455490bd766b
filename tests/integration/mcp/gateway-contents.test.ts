import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Client, ClientOptions } from '@modelcontextprotocol/client';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { rootDir } from '../../support/compose-middleware.ts';
import { gatewayPlace, type GatewayPlace } from '../../support/mcp/gateway-place.ts';
import { until } from '../../support/until.ts';

let place: GatewayPlace;
afterEach(async () => {
  await place.close();
});

const server = join(rootDir, 'tests/support/mcp/conformance-server.ts');

function conformance(behaviour: string): JsonObject {
  return { command: process.execPath, args: [server, behaviour] };
}

/** Clients and servers of both protocols. */
const all = [
  ['legacy', 'old'],
  ['legacy', 'both'],
  ['modern', 'old'],
  ['modern', 'both'],
] as const;

async function textOf(client: Client, name: string, input: Record<string, unknown> = {}): Promise<string> {
  const { content } = await client.callTool({ name, arguments: input });
  return content.map((block) => (block.type === 'text' ? block.text : block.type)).join('|');
}

/** Resolves with the next of what is told. */
function heard<T>(): { readonly next: Promise<T>; readonly tell: (value: T) => void } {
  const { promise, resolve } = Promise.withResolvers<T>();
  return { next: promise, tell: resolve };
}

describe.each(all)('a %s client in front of a server of the kind %s', (era, behaviour) => {
  test('reads its prompts and resources, and has arguments completed [MCP-2] [MCP-3]', async () => {
    place = await gatewayPlace({ one: conformance(behaviour) });
    const client = await place.client(era);
    const { prompts } = await client.listPrompts();
    expect(prompts.map(({ name }) => name)).toContain('one__test_prompt_with_arguments');
    const prompt = { name: 'one__test_prompt_with_arguments', arguments: { arg1: 'a', arg2: 'b' } };
    expect((await client.getPrompt(prompt)).messages).toEqual([
      { role: 'user', content: { type: 'text', text: "Prompt with arguments: arg1='a', arg2='b'" } },
    ]);
    const { resources } = await client.listResources();
    expect(resources.map(({ uri }) => uri)).toContain('test://static-text');
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual(['test://template/{id}/data']);
    const read = await client.readResource({ uri: 'test://template/7/data' });
    expect(read.contents).toMatchObject([
      { uri: 'test://template/7/data', text: expect.stringContaining('"id":"7"') },
    ]);
    await expect(client.readResource({ uri: 'test://nothing' })).rejects.toMatchObject({ code: -32_602 });
    await expect(client.getPrompt({ name: 'one__nothing' })).rejects.toMatchObject({ code: -32_602 });
    const argument = { name: 'arg1', value: 'par' };
    const ref = { type: 'ref/prompt' as const, name: 'one__test_prompt_with_arguments' };
    expect((await client.complete({ ref, argument })).completion.values).toEqual(['paris', 'park', 'party']);
  });

  test('hears how far a call is, and gives it up [MCP-2]', async () => {
    place = await gatewayPlace({ one: conformance(behaviour) });
    const client = await place.client(era);
    const seen: (number | undefined)[] = [];
    await client.callTool(
      { name: 'one__test_tool_with_progress', arguments: {} },
      {
        onprogress: ({ progress }) => {
          seen.push(progress);
        },
      },
    );
    expect(seen).toEqual([0, 50, 100]);
    const giveUp = new AbortController();
    const call = client.callTool({ name: 'one__wait_for_ever', arguments: {} }, { signal: giveUp.signal });
    const ended = expect(call).rejects.toThrow();
    await until(async () => (await textOf(client, 'one__begun')) === '1');
    giveUp.abort();
    await ended;
    await until(async () => (await textOf(client, 'one__given_up')) === '1');
  });

  test('has what the server asks answered by its user and its model [MCP-2]', async () => {
    place = await gatewayPlace({ one: conformance(behaviour) });
    const asked: string[] = [];
    const client = await place.client(era, {
      options: { capabilities: { elicitation: {}, sampling: {}, roots: {} } } satisfies ClientOptions,
      prepare: (one) => {
        one.setRequestHandler('elicitation/create', ({ params }) => {
          asked.push(params.message);
          return { action: 'accept', content: { name: 'Ada', username: 'ada', email: 'a@b' } };
        });
        one.setRequestHandler('sampling/createMessage', ({ params }) => {
          asked.push(JSON.stringify(params.messages));
          return { role: 'assistant', content: { type: 'text', text: 'forty-two' }, model: 'm' };
        });
        one.setRequestHandler('roots/list', () => ({ roots: [{ uri: 'file:///work' }] }));
      },
    });
    expect(await textOf(client, 'one__test_elicitation', { message: 'Who are you?' })).toContain(
      '"username":"ada"',
    );
    expect(await textOf(client, 'one__test_sampling', { prompt: 'What is it?' })).toContain('forty-two');
    expect(await textOf(client, 'one__test_input_required_result_list_roots')).toContain('file:///work');
    expect(await textOf(client, 'one__test_input_required_result_multi_round')).toBe('Both steps are done.');
    expect(asked.slice(0, 2)).toEqual([
      'MCP server "one", tool "test_elicitation": Who are you?',
      expect.stringContaining('What is it?'),
    ]);
  });

  test('that cannot be asked is not, and the call fails [MCP-2]', async () => {
    place = await gatewayPlace({ one: conformance(behaviour) });
    const client = await place.client(era);
    const call = client.callTool({ name: 'one__test_elicitation', arguments: { message: 'Who are you?' } });
    const result = await call.catch((error: unknown) => ({ isError: true, error }));
    expect(result).toMatchObject({ isError: true });
  });

  test.each([{}, { elicitation: {} }])(
    'that can be asked %j hears of lists and resources that change [MCP-2]',
    async (capabilities) => {
      place = await gatewayPlace({ one: conformance(behaviour) });
      const tools = heard<unknown>();
      const prompts = heard<unknown>();
      const updated = heard<string>();
      const client = await place.client(era, {
        options: {
          capabilities,
          listChanged: {
            tools: { autoRefresh: false, debounceMs: 0, onChanged: tools.tell },
            prompts: { autoRefresh: false, debounceMs: 0, onChanged: prompts.tell },
          },
        },
        prepare: (one) => {
          one.setNotificationHandler('notifications/resources/updated', ({ params: { uri } }) => {
            updated.tell(uri);
          });
        },
      });
      await client.listTools();
      const uri = 'test://watched-resource';
      if (era === 'legacy') await client.subscribeResource({ uri });
      else await client.listen({ resourceSubscriptions: [uri] });
      const trigger = async (name: string): Promise<void> => {
        await client.callTool({ name: `one__test_trigger_${name}_change`, arguments: {} });
      };
      await trigger('tool');
      await tools.next;
      await trigger('prompt');
      await prompts.next;
      // A stream of the newer protocol is open before the server is asked to tell.
      const again = setInterval(() => void trigger('resource').catch(() => undefined), 100);
      expect(await updated.next).toBe(uri);
      clearInterval(again);
    },
  );

  test('reads what the server logs from the level on that it names [MCP-2]', async () => {
    place = await gatewayPlace({ one: conformance(behaviour) });
    const lines: unknown[] = [];
    const client = await place.client(era, {
      prepare: (one) => {
        one.setNotificationHandler('notifications/message', ({ params }) => {
          lines.push(params.data);
        });
      },
    });
    const call = async (level: 'info' | 'error'): Promise<void> => {
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- Clients of the older protocol say it so.
      if (era === 'legacy') await client.setLoggingLevel(level);
      await client.callTool({
        name: 'one__test_tool_with_logging',
        arguments: {},
        ...(era === 'modern' && { _meta: { 'io.modelcontextprotocol/logLevel': level } }),
      });
    };
    await call('error');
    expect(lines).toEqual([]);
    await call('info');
    expect(lines).toEqual(['Tool execution started', 'Tool processing data', 'Tool execution completed']);
  });
});

describe('several servers', () => {
  test('with resources of one address are told apart [MCP-2] [MCP-3]', async () => {
    place = await gatewayPlace({ one: conformance('both'), two: conformance('old') });
    const client = await place.client('modern');
    const uris = (await client.listResources()).resources.map(({ uri }) => uri);
    expect(uris).toContain('test://static-text');
    expect(uris).toContain('codex-plus:two:test://static-text');
    const { contents } = await client.readResource({ uri: 'codex-plus:two:test://static-text' });
    expect(contents).toMatchObject([{ text: 'This is the content of the static text resource.' }]);
  });

  test('that a rule denies altogether show nothing [MCP-2] [SEC-1]', async () => {
    place = await gatewayPlace(
      { one: conformance('both') },
      { settings: { permissions: { deny: ['mcp__one'] } } },
    );
    const client = await place.client('modern');
    expect((await client.listPrompts()).prompts).toEqual([]);
    expect((await client.listResources()).resources).toEqual([]);
    await expect(client.getPrompt({ name: 'one__test_simple_prompt' })).rejects.toThrow('There is no prompt');
    await expect(client.readResource({ uri: 'codex-plus:one:test://static-text' })).rejects.toThrow(
      'No MCP server has told of a resource',
    );
  });
});

describe('a server of the older protocol that two clients call', () => {
  test('asks neither of them where nothing tells which one it means [MCP-2]', async () => {
    place = await gatewayPlace({ one: conformance('old') });
    const asked: string[] = [];
    const person = (name: string) => ({
      options: { capabilities: { elicitation: {} } },
      prepare: (one: Client): void => {
        one.setRequestHandler('elicitation/create', () => {
          asked.push(name);
          return { action: 'decline' as const };
        });
      },
    });
    const [ada, bob] = [
      await place.client('legacy', person('ada')),
      await place.client('legacy', person('bob')),
    ];
    const giveUp = new AbortController();
    const waiting = ada.callTool({ name: 'one__wait_for_ever', arguments: {} }, { signal: giveUp.signal });
    const ended = expect(waiting).rejects.toThrow();
    await until(async () => (await textOf(ada, 'one__begun')) === '1');
    const result = await bob.callTool({ name: 'one__test_elicitation', arguments: { message: 'Who?' } });
    expect(result).toMatchObject({ isError: true });
    expect(asked).toEqual([]);
    giveUp.abort();
    await ended;
    // The server may be at work on it for a while.
    expect(await textOf(bob, 'one__test_elicitation', { message: 'Who?' })).toContain(
      'gave a call of this server up',
    );
    expect(await textOf(ada, 'one__test_elicitation', { message: 'Who?' })).toContain('decline');
    expect(asked).toEqual(['ada']);
  });
});

describe('when the middleware stops', () => {
  test('streams that only wait for news end at once [MCP-2]', async () => {
    place = await gatewayPlace({ one: conformance('both') });
    const listChanged = { tools: { onChanged: () => undefined } };
    await place.client('legacy', { options: { listChanged } });
    const modern = await place.client('modern', { options: { listChanged } });
    const { closed } = await modern.listen({ resourceSubscriptions: ['test://watched-resource'] });
    const began = performance.now();
    await place.middleware.drain(60_000);
    await closed;
    expect(performance.now() - began).toBeLessThan(30_000);
  });
});
