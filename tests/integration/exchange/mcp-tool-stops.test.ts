import { beforeEach, describe, expect, test } from '@jest/globals';
import { callCases } from '../../support/call-clients.ts';
import { call, text } from '../../support/checked-bench.ts';
import { askingFixture, fixture } from '../../support/mcp/pool-place.ts';
import { callRaw } from '../../support/raw-client.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();
const stop = JSON.stringify({ continue: false, stopReason: 'That is enough.' });
const questions = [{ message: 'Who?', requestedSchema: { type: 'object', properties: {} } }];

beforeEach(async () => {
  const mcpServers = { one: fixture(), asking: askingFixture('new') };
  await bench.file('home/.codexplus/mcp.json', JSON.stringify({ mcpServers }));
  const hooks = {
    PostToolUse: [{ matcher: 'mcp__.*', hooks: [{ type: 'command', command: `echo '${stop}'` }] }],
  };
  const permissions = { ask: ['mcp__one__echo'] };
  await bench.file('home/.claude/settings.json', JSON.stringify({ hooks, permissions }));
});

const calls = [
  ['that the user was asked about', call('mcp__one__echo', 'c1', { text: 'four' }), 'yes'],
  ['that asked the user something', call('mcp__asking__ask', 'c1', { questions }), 'accept'],
] as const;

describe.each(callCases)('%s: a hook that ends the turn behind a call', (_, which, stream) => {
  test.each(calls)('%s has the last word, and the model knows of it later [MCP-2] [HK-1]', async (...of) => {
    const [, made, reply] = of;
    const client = bench.client(which);
    bench.answers([made], [text('never')]);
    await client.tell([['user', 'go']], stream);
    const said = await client.tell([['user', reply]], stream);
    expect(said.spoken).toEqual([['text', expect.stringContaining('That is enough.')]]);
    expect(bench.upstream.requests).toHaveLength(1);
    await client.tell([['user', 'more']], stream);
    expect(bench.sent(1)).toEqual([
      ['user', 'go'],
      ['call', expect.any(String), expect.anything(), 'c1'],
      ['output', 'c1', expect.any(String)],
      ['user', 'more'],
    ]);
  });
});

test.each(callCases)(
  '%s: a hook that ends the turn behind a call beside one of the client does so behind that one [MCP-2] [HK-1]',
  async (_, which, stream) => {
    const client = bench.client(which);
    bench.answers([call('mcp__one__pid', 'c1', {}), call('look', 'c2', {})], [text('More.')]);
    const said = await client.tell([['user', 'go']], stream);
    expect(said.spoken).toEqual([['call', 'look', {}, 'c2']]);
    const next = await client.tell([['output', 'c2', 'seen']], stream);
    expect(next.spoken).toEqual([['text', expect.stringContaining('That is enough.')]]);
    expect(bench.upstream.requests).toHaveLength(1);
    await client.tell([['user', 'more']], stream);
    const sent = bench.sent(1);
    expect(sent.filter(([kind]) => kind === 'output').map(([, id]) => id)).toEqual(['c1', 'c2']);
    expect(sent.at(-1)).toEqual(['user', 'more']);
  },
);

test('a turn that a hook ended behind an answer goes on by its id [MCP-2] [HK-1]', async () => {
  const respond = async (body: object): Promise<Readonly<Record<string, unknown>>> => {
    const { body: bytes } = await callRaw(bench.middleware.port, {
      path: '/v1/responses',
      headers: ['x-codex-plus-workspace', bench.workspace, 'x-codex-plus-session', 's'],
      body: JSON.stringify({ model: 'm', ...body }),
    });
    return JSON.parse(bytes.toString()) as Readonly<Record<string, unknown>>;
  };
  bench.answers([call('mcp__one__echo', 'c1', { text: 'four' })], [text('More.')]);
  const asked = await respond({ input: 'go' });
  const stopped = await respond({ previous_response_id: asked['id'], input: 'yes' });
  expect(JSON.stringify(stopped['output'])).toContain('That is enough.');
  expect(bench.upstream.requests).toHaveLength(1);
  await respond({ previous_response_id: stopped['id'], input: 'more' });
  expect(bench.upstream.requests[1]?.json).toMatchObject({
    previous_response_id: asked['id'],
    input: [
      { type: 'function_call_output', call_id: 'c1', output: 'four' },
      { role: 'user', content: 'more' },
    ],
  });
});
