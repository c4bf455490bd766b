import { beforeEach, describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { call, text } from '../../support/checked-bench.ts';
import { askingFixture } from '../../support/mcp/pool-place.ts';
import { callCases, type CallClient, type Said, type Spoken } from '../../support/call-clients.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();

const colour = {
  message: 'Which colour?',
  requestedSchema: { type: 'object', properties: { colour: { type: 'string' } } },
};
const asking = (callId: string): ReturnType<typeof call> =>
  call('mcp__one__ask', callId, { questions: [colour] });

function known(answer: JsonObject): readonly Spoken[] {
  return [
    ['user', 'go'],
    ['call', 'mcp__one__ask', { questions: [colour] }, 'c1'],
    ['output', 'c1', JSON.stringify([answer])],
  ];
}

const blue = { action: 'accept', content: { colour: 'blue' } };
const cancelled = { action: 'cancel' };
const stillWaits =
  /\n\nThe question of `mcp__one__ask` still waits for your answer:\n\nMCP server "one" \(tool ask\) asks:\n\n {4}Which colour\?\n[^]*or `cancel`\.\n\n\(question \w{6}\)$/;

function words({ spoken }: Said): string {
  return spoken.map(([, said]) => said).join(' ');
}

/** The items of a request as they went out. */
function itemsOf(index: number): readonly unknown[] {
  const body = bench.upstream.requests.at(index)?.json;
  return (body?.['input'] ?? body?.['messages']) as readonly unknown[];
}

beforeEach(async () => {
  const mcpServers = { one: askingFixture('old') };
  await bench.file('home/.codexplus/mcp.json', JSON.stringify({ mcpServers }));
});

describe.each(callCases)('a command behind the question of a server, %s', (_api, which, stream) => {
  let client: CallClient;
  const tell = async (said: string): Promise<string> => words(await client.tell([['user', said]], stream));

  beforeEach(() => {
    client = bench.client(which);
  });

  test('that is answered here leaves it waiting, and the model knows of neither [MCP-2] [CMD-4]', async () => {
    bench.answers([asking('c1')], [text('Done.')]);
    await tell('go');
    const helped = await tell('/help');
    expect(helped).toContain('/status');
    expect(helped).toMatch(stillWaits);
    const listed = await tell('/mcp list');
    expect(listed).not.toContain('/status');
    expect(listed).toMatch(stillWaits);
    expect(bench.upstream.requests).toHaveLength(1);
    expect(await tell('blue')).toBe('Done.');
    expect(bench.sent(-1)).toEqual(known(blue));
    await tell('thanks');
    expect(bench.sent(-1)).toEqual([...known(blue), ['text', 'Done.'], ['user', 'thanks']]);
    expect(itemsOf(-1).slice(0, itemsOf(-2).length)).toEqual(itemsOf(-2));
  });

  test('that becomes a prompt cancels it, and its user is told [MCP-2] [CMD-2]', async () => {
    await bench.file('home/.claude/commands/deploy.md', 'Deploy it.');
    bench.answers([asking('c1')], [text('Done.')]);
    await tell('go');
    const said = await tell('/deploy');
    expect(said).toMatch(/^Done\.\s+The question of `mcp__one__ask` was cancelled: a command is no answer/);
    const [called, made] = [known(cancelled), bench.sent(-1).slice(3)];
    expect(bench.sent(-1).slice(0, 3)).toEqual(called);
    expect(JSON.stringify(made)).toContain('Deploy it.');
    expect(await tell('And now?')).toBe('Done.');
    expect(bench.sent(-1)).toEqual([...called, ...made, ['text', 'Done.'], ['user', 'And now?']]);
  });
});

test('a command that comes twice, or behind which a user goes back, has the question wait on [MCP-2] [CMD-4]', async () => {
  const client = bench.client(0);
  const tell = async (said: string, who = client): Promise<string> =>
    words(await who.tell([['user', said]], false));
  bench.answers([asking('c1')], [text('Done.')]);
  await tell('go');
  const other = client.fork();
  const [one, same] = await Promise.all([tell('/help'), tell('/help', other)]);
  expect(same).toBe(one);
  client.goBack();
  expect(await tell('blue')).toBe('Done.');
  expect(bench.sent(-1)).toEqual(known(blue));
  await tell('red', other);
  expect(bench.sent(-1).at(-1)).toEqual(['output', 'c1', expect.stringContaining('in another branch')]);
});

test('a command behind a question whose server has ended is answered, and its user is told [MCP-2] [CMD-4]', async () => {
  const client = bench.client(0);
  const tell = async (said: string, who = client): Promise<string> =>
    words(await who.tell([['user', said]], false));
  bench.answers([asking('c1')], [text('Done.')]);
  await tell('go');
  bench.upstream.forget();
  bench.answers([call('mcp__one__crash', 'c2')], [text('Gone.')]);
  await tell('end it', bench.client(0));
  bench.answers([text('Done.')]);
  expect(await tell('/help')).toMatch(
    /^The question of `mcp__one__ask` does not wait any more: its server does not wait for an answer any more\. What you say next goes to the model\.\n\n/,
  );
  expect(await tell('and now?')).toBe('Done.');
  expect(bench.sent(-1)).toEqual([
    ...known(cancelled).slice(0, 2),
    ['output', 'c1', expect.stringMatching(/MCP server "one".* ended/)],
    ['user', 'and now?'],
  ]);
});

test('a command leaves the question waiting for clients that go on by ids too [MCP-2] [CMD-4]', async () => {
  bench.answers([asking('c1')], [text('Done.')]);
  const respond = async (body: JsonObject): Promise<JsonObject> => {
    const answer = await fetch(`${bench.middleware.url}/v1/responses`, {
      method: 'POST',
      headers: { 'x-codex-plus-workspace': bench.workspace, 'x-codex-plus-session': 's' },
      body: JSON.stringify({ model: 'm', ...body }),
    });
    return (await answer.json()) as JsonObject;
  };
  const asked = await respond({ input: 'go' });
  const helped = await respond({ previous_response_id: asked['id'], input: '/help' });
  expect(JSON.stringify(helped['output'])).toMatch(/\/status.*still waits for your answer/);
  const again = await respond({ previous_response_id: helped['id'], input: '/mcp list' });
  await respond({ previous_response_id: again['id'], input: 'blue' });
  bench.forgive();
  expect(bench.upstream.requests).toHaveLength(2);
  expect(bench.upstream.requests[1]?.json).toMatchObject({
    previous_response_id: asked['id'],
    input: [{ type: 'function_call_output', call_id: 'c1', output: JSON.stringify([blue]) }],
  });
  expect(bench.sent(1)).toHaveLength(1);
});

test.each(callCases.filter(([, , stream]) => stream))(
  'what a command sets for its turn counts behind the answer to a question of a server too, %s [MCP-2] [CMD-2]',
  async (_api, which, stream) => {
    await bench.file('home/.claude/commands/deploy.md', '---\nmodel: large\n---\nDeploy it.');
    bench.answers([asking('c1')], [asking('c2')], [text('Done.')]);
    const client = bench.client(which);
    const tell = async (said: string): Promise<string> => words(await client.tell([['user', said]], stream));
    expect(await tell('/deploy')).toContain('asks:');
    expect(await tell('blue')).toContain('asks:');
    expect(await tell('/help')).toContain('asks:');
    expect(await tell('yes')).toBe('Done.');
    expect(await tell('And now?')).toBe('Done.');
    expect(bench.upstream.requests.map(({ json }) => json?.['model'])).toEqual([
      'large',
      'large',
      'large',
      'm',
    ]);
  },
);
