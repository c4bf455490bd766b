import { beforeEach, describe, expect, test } from '@jest/globals';
import { callCases, callClients, type CallClient, type Spoken } from '../../support/call-clients.ts';
import { call, text } from '../../support/checked-bench.ts';
import { askingFixture } from '../../support/mcp/pool-place.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();

const colour = {
  message: 'Which colour?',
  requestedSchema: { type: 'object', properties: { colour: { type: 'string' } } },
};

const orders = ['as they were asked', 'the newest first'] as const;
const streamed = callCases.filter(([, , stream]) => stream);

/** Two windows on one session: in one of them the first message is another. */
describe.each(streamed)('questions at one place of two branches, %s', (_api, which, stream) => {
  let branches: readonly { readonly name: string; readonly client: CallClient }[];

  beforeEach(async () => {
    const mcpServers = { one: askingFixture('new') };
    await bench.file('home/.codexplus/mcp.json', JSON.stringify({ mcpServers }));
    await bench.hooks({}, undefined, { permissions: { ask: ['Bash(rm:*)'] } });
    const headers = { 'x-codex-plus-workspace': bench.workspace, 'x-codex-plus-session': 's' };
    branches = ['a', 'b'].map((name) => ({
      name,
      client: callClients(bench.middleware.url, headers)[which]!(),
    }));
  });

  const begin = async (asking: (callId: string) => ReturnType<typeof call>): Promise<void> => {
    bench.answers(
      ...[[text('Ok.')], [text('Ok.')]],
      ...['ca', 'cb'].map((id) => [text('Let me see.'), asking(id)]),
      [text('Well.')],
    );
    for (const { name, client } of branches) await client.tell([['user', `plan ${name}`]], stream);
    for (const { client } of branches) await client.tell([['user', 'go']], stream);
  };

  const known = (name: string, ...more: readonly unknown[]): readonly unknown[] => [
    ['user', `plan ${name}`],
    ['text', 'Ok.'],
    ['user', 'go'],
    ['text', 'Let me see.'],
    ...more,
  ];

  const goesOn = async (client: CallClient, before: readonly unknown[]): Promise<void> => {
    await client.tell([['user', 'more']], stream);
    expect(bench.sent(-1)).toEqual([...before, ['text', 'Well.'], ['user', 'more']]);
  };

  test.each(orders)('have each its own answer, of a server, %s [MCP-2] [SEC-1]', async (order) => {
    await begin((id) => call('mcp__one__ask', id, { questions: [colour] }));
    const inOrder = order === 'as they were asked' ? branches : branches.toReversed();
    const answered = new Map<string, readonly unknown[]>();
    for (const { name, client } of inOrder) {
      await client.tell([['user', `red ${name}`]], stream);
      const output = JSON.stringify([{ action: 'accept', content: { colour: `red ${name}` } }]);
      const called: readonly Spoken[] = [
        ['call', 'mcp__one__ask', { questions: [colour] }, `c${name}`],
        ['output', `c${name}`, output],
      ];
      answered.set(name, known(name, ...called));
      expect(bench.sent(-1)).toEqual(answered.get(name));
    }
    for (const { name, client } of inOrder) await goesOn(client, answered.get(name) ?? []);
  });

  test.each(orders)('have each its own yes, to the same call, %s [HK-2] [SEC-1]', async (order) => {
    await begin((id) => call('exec_command', id, { cmd: 'rm x' }));
    const inOrder = order === 'as they were asked' ? branches : branches.toReversed();
    const done = (name: string): readonly Spoken[] => [
      ['call', 'exec_command', { cmd: 'rm x' }, `c${name}`],
      ['output', `c${name}`, `done ${name}`],
    ];
    for (const { name, client } of inOrder) {
      expect((await client.tell([['user', 'y']], stream)).spoken).toEqual(done(name).slice(0, 1));
      await client.tell([['output', `c${name}`, `done ${name}`]], stream);
      expect(bench.sent(-1)).toEqual(known(name, ...done(name)));
    }
    for (const { name, client } of inOrder) await goesOn(client, known(name, ...done(name)));
  });

  test('are told apart where the calls are others too [HK-2] [SEC-1]', async () => {
    // What the server asks is the same in both.
    await begin((id) => call('mcp__one__ask', id, { questions: [colour], note: id }));
    for (const { name, client } of branches) {
      await client.tell([['user', 'red']], stream);
      expect(bench.sent(-1).at(-1)).toEqual([
        'output',
        `c${name}`,
        '[{"action":"accept","content":{"colour":"red"}}]',
      ]);
    }
  });

  test('another window of a branch answers what that branch was asked [MCP-2] [SEC-1]', async () => {
    await begin((id) => call('mcp__one__ask', id, { questions: [colour] }));
    const [first] = branches;
    const asked = (await first!.client.fork().tell([['user', 'red']], stream)).spoken;
    expect(asked).toEqual([['text', 'Well.']]);
    expect(bench.sent(-1).at(-1)?.[1]).toBe('ca');
  });
});
