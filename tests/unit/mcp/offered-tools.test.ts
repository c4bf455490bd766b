import { describe, expect, test } from '@jest/globals';
import type { Tool } from '@modelcontextprotocol/client';
import { offeredTools } from '../../../middleware/features/mcp/offer/offered-tool.ts';
import { ToolOffers, type OfferQuestion } from '../../../middleware/features/mcp/offer/tool-offers.ts';
import {
  searchDefinitions,
  searchTools,
  tokensOf,
} from '../../../middleware/features/mcp/offer/tool-search.ts';
import { joinedName } from '../../../middleware/protocol/apis/tools-codec.ts';

function tool(name: string, more: object = {}): Tool {
  return { name, inputSchema: { type: 'object' }, ...more };
}

function namesOf(server: string, ...names: readonly string[]): readonly string[] {
  return offeredTools(
    server,
    names.map((name) => tool(name)),
  ).map(({ definition }) => joinedName(definition));
}

describe('the tools of a server as definitions', () => {
  test('are named by the server and the tool, in order [MCP-2]', () => {
    expect(namesOf('docs', 'read', 'find')).toEqual(['mcp__docs__find', 'mcp__docs__read']);
    expect(namesOf('my docs', 'a.b')).toEqual(['mcp__my_docs__a_b']);
  });

  test.each([
    ['docs', 'x'.repeat(200)],
    ['s'.repeat(200), 'x'],
    ['s'.repeat(200), 'x'.repeat(200)],
    ['ü'.repeat(64), '工具'.repeat(40)],
    ['', ''],
  ])('have names that every API takes, the same each time, and others for others [MCP-2]', (server, name) => {
    const [first = ''] = namesOf(server, name);
    expect(first).toMatch(/^[\w-]{1,64}$/);
    expect(namesOf(server, name)).toEqual([first]);
    expect(namesOf(server, `${name}y`)).not.toEqual([first]);
    expect(namesOf(`${server}y`, name)).not.toEqual([first]);
    const [offered] = offeredTools(server, [tool(name)]);
    // It is called, and decided about, by the names that it has.
    expect(offered).toMatchObject({
      server,
      name,
      ruleName: `mcp__${server}__${name}`.replace(/[^\w-]/g, '_'),
    });
  });

  test('have names of their own where two would have the same, whoever comes first [MCP-2]', () => {
    const named = (server: string, name: string, servers: readonly string[] = [server]) =>
      offeredTools(server, [tool(name)], { servers }).map(({ definition }) => joinedName(definition));
    expect(named('a', 'b__c')).toEqual(['mcp__a__b__c']);
    expect(named('a__b', 'c')).toEqual([expect.stringMatching(/^mcp__a_b-[0-9a-f]{8}__c$/)]);
    expect(named('a_', 'c')).not.toEqual(named('a', '_c'));
    const both = ['my docs', 'my_docs'];
    expect(named('my_docs', 'x', both)).toEqual(['mcp__my_docs__x']);
    expect(named('my docs', 'x', both)).toEqual([expect.stringMatching(/^mcp__my_docs-[0-9a-f]{8}__x$/)]);
    expect(namesOf('s', 'a.b', 'a_b')).toEqual([
      expect.stringMatching(/^mcp__s__a_b-[0-9a-f]{8}$/),
      'mcp__s__a_b',
    ]);
    expect(namesOf('s', 'a_b', 'a.b')).toEqual(namesOf('s', 'a.b', 'a_b'));
  });

  test('have schemas that no API refuses', () => {
    const inputSchema = {
      $schema: 'x',
      type: 'object',
      anyOf: [{}],
      properties: { a: { anyOf: [{}] } },
    } as const;
    const [offered] = offeredTools('s', [tool('t', { inputSchema })]);
    expect(offered?.definition.parameters).toEqual({ type: 'object', properties: { a: { anyOf: [{}] } } });
    expect(offeredTools('s', [tool('t')])[0]?.definition.parameters).toEqual({
      type: 'object',
      properties: {},
    });
    const large = { type: 'object', properties: { a: { description: 'x'.repeat(100_000) } } };
    expect(offeredTools('s', [tool('t', { inputSchema: large })])).toEqual([]);
  });

  test('have descriptions in which nothing hides, of no more than 2,048 characters', () => {
    const descriptionOf = (description: string): string =>
      offeredTools('s', [tool('t', { description })])[0]?.definition.description ?? '';
    expect(descriptionOf('a\u202eb')).toBe('a\\u{202e}b');
    expect(descriptionOf('x'.repeat(3_000))).toBe(`${'x'.repeat(2_047)}…`);
    expect(offeredTools('s', [tool('t', { title: 'Finds' })])[0]?.definition.description).toBe('Finds');
  });
});

describe('the list of a conversation', () => {
  let lists: Readonly<Record<string, readonly Tool[] | undefined>> = {};
  const silent = { instructions: () => Promise.resolve(''), settledInstructions: () => '' };
  const offers = (): ToolOffers =>
    new ToolOffers({
      servers: { tools: (name) => Promise.resolve(lists[name]), settledTools: () => undefined, ...silent },
      waitMs: 1,
    });
  const asked = (more: Partial<OfferQuestion> = {}): OfferQuestion => ({
    key: 'c',
    place: {} as OfferQuestion['place'],
    names: ['b', 'a'],
    allows: undefined,
    isNewTurn: true,
    signal: new AbortController().signal,
    ...more,
  });
  const names = (tools: Awaited<ReturnType<ToolOffers['list']>>): readonly string[] =>
    tools.map(({ definition }) => joinedName(definition));

  test('is the same object while nothing changed, and within a turn [MCP-2]', async () => {
    lists = { a: [tool('x')], b: [tool('y')] };
    const all = offers();
    const first = await all.list(asked());
    expect(names(first)).toEqual(['mcp__a__x', 'mcp__b__y']);
    lists = { a: [tool('x')], b: [tool('y')] };
    expect(await all.list(asked())).toBe(first);
    expect(await all.list(asked({ key: 'other' }))).toBe(first);
    lists = { a: [tool('z')], b: [] };
    expect(await all.list(asked({ isNewTurn: false }))).toBe(first);
    expect(names(await all.list(asked()))).toEqual(['mcp__a__z']);
    expect(names(await all.list(asked({ key: 'd' })))).toEqual(['mcp__a__z']);
  });

  test('asks only those servers whose tools are not known for sure', async () => {
    const known: Record<string, readonly Tool[]> = { a: [tool('x')], b: [tool('y')] };
    const askedFor: string[] = [];
    const all = new ToolOffers({
      servers: {
        ...silent,
        settledTools: (name) => known[name],
        tools: (name) => {
          askedFor.push(name);
          return Promise.resolve([tool('late')]);
        },
      },
      waitMs: 1,
    });
    const first = await all.list(asked());
    expect(names(first)).toEqual(['mcp__a__x', 'mcp__b__y']);
    expect(await all.list(asked({ key: 'other' }))).toBe(first);
    expect(askedFor).toEqual([]);
    known['a'] = [tool('z')];
    expect(names(await all.list(asked()))).toEqual(['mcp__a__z', 'mcp__b__y']);
    delete known['b'];
    expect(names(await all.list(asked()))).toEqual(['mcp__a__z', 'mcp__b__late']);
    expect(askedFor).toEqual(['b']);
  });

  test('keeps the tools of a server that says nothing, and has none of one that has none [MCP-2] [MCP-5]', async () => {
    lists = { a: [tool('x')], b: [tool('y')] };
    const all = offers();
    await all.list(asked());
    lists = { a: undefined, b: [] };
    expect(names(await all.list(asked()))).toEqual(['mcp__a__x']);
    expect(names(await all.list(asked({ names: ['b'] })))).toEqual([]);
  });

  test('has none that the model may not know of, whatever others have [MCP-2]', async () => {
    lists = { a: [tool('x')], b: [tool('y')] };
    const all = offers();
    await all.list(asked());
    const allows: OfferQuestion['allows'] = ({ name }) => name !== 'x';
    expect(names(await all.list(asked({ key: 'd', allows })))).toEqual(['mcp__b__y']);
    expect(names(await all.list(asked({ allows })))).toEqual(['mcp__b__y']);
    expect(names(await all.list(asked({ key: 'd' })))).toEqual(['mcp__a__x', 'mcp__b__y']);
  });

  test('has no two tools of one name', async () => {
    lists = { 'a.b': [tool('x')], a_b: [tool('x')] };
    const both = await offers().list(asked({ names: ['a_b', 'a.b'] }));
    const [first = '', second = ''] = both.map(({ definition }) => joinedName(definition));
    expect([both[0]?.server, second]).toEqual(['a.b', 'mcp__a_b__x']);
    // One that is called what another one was given is left out.
    const crafted = first.slice('mcp__'.length, -'__x'.length);
    lists = { ...lists, [crafted]: [tool('x')] };
    const again = await offers().list(asked({ names: ['a_b', 'a.b', crafted] }));
    expect(again.map(({ server }) => server)).toEqual(['a.b', 'a_b']);
  });
});

describe('a search for tools', () => {
  const tools = [
    ...offeredTools('notes', [
      tool('add', { description: 'Writes down a note' }),
      tool('list', { description: 'Lists all notes' }),
    ]),
    ...offeredTools('mail', [tool('send', { description: 'Sends a mail, or notes' })]),
  ];
  const found = (query: string, limit?: number): readonly string[] =>
    (JSON.parse(searchTools(tools, { query, limit })) as { name: string }[]).map(({ name }) => name);

  test('finds them by words of their names and descriptions, the best first [MCP-2]', () => {
    expect(found('send a mail')).toEqual(['mcp__mail__send']);
    expect(found('list notes', 2)).toEqual(['mcp__notes__list', 'mcp__notes__add']);
    expect(JSON.parse(searchTools(tools, { query: 'send' }))).toEqual([
      {
        name: 'mcp__mail__send',
        description: 'Sends a mail, or notes',
        parameters: { type: 'object', properties: {} },
      },
    ]);
  });

  test('tells no more of what it finds than a model can read', () => {
    const properties = { a: { description: 'note '.repeat(9_000) } };
    const large = ['a', 'b', 'c', 'd'].map((name) =>
      tool(name, { inputSchema: { type: 'object', properties } }),
    );
    const told = searchTools(offeredTools('notes', large), { query: 'note' });
    expect(told.length).toBeLessThan(120_000);
    expect((JSON.parse(told) as unknown[]).length).toBe(2);
  });

  test('says so where it finds none, and names all where nothing is searched for', () => {
    expect(searchTools(tools, { query: 'zebra' })).toContain('No tool is about "zebra"');
    for (const query of [undefined, '', 5])
      expect(searchTools(tools, { query }).split('\n')).toEqual([
        'mcp__notes__add',
        'mcp__notes__list',
        'mcp__mail__send',
      ]);
  });

  test('tells which servers there are, in the same words for the same tools', () => {
    const [search] = searchDefinitions(tools);
    expect(search?.description).toContain('notes (2), mail (1)');
    expect(searchDefinitions(tools)).toEqual(searchDefinitions([...tools]));
    expect(tokensOf(tools)).toBe(
      Math.ceil(tools.map(({ definition }) => JSON.stringify(definition)).join('').length / 4),
    );
  });
});

test('a tool that can be called as a task alone is left out [MCP-2]', () => {
  const inputSchema = { type: 'object' as const };
  const tools = [
    { name: 'slow', inputSchema, execution: { taskSupport: 'required' as const } },
    { name: 'either', inputSchema, execution: { taskSupport: 'optional' as const } },
  ];
  expect(offeredTools('one', tools).map(({ name }) => name)).toEqual(['either']);
});
