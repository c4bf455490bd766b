import { beforeEach, describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { callCases, type CallClient, type Said } from '../../support/call-clients.ts';
import { call, text } from '../../support/checked-bench.ts';
import { status } from '../../support/fake-upstream/step.ts';
import { askingFixture } from '../../support/mcp/pool-place.ts';
import { openRaw } from '../../support/raw-client.ts';
import { until } from '../../support/until.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();
let client: CallClient;

type Json = Readonly<Record<string, unknown>>;

const words = (said: string): JsonObject => ({ type: 'text', text: said });

/** What a server asks the model. */
function ask(said: string, more: JsonObject = {}): JsonObject {
  return { messages: [{ role: 'user', content: words(said) }], maxTokens: 100, ...more };
}

function asking(callId: string, ...questions: readonly JsonObject[]): ReturnType<typeof call> {
  return call('mcp__one__ask', callId, { questions });
}

async function use(era: 'new' | 'old', sampling = 'one'): Promise<void> {
  const mcpServers = { one: askingFixture(era) };
  await bench.file('home/.codexplus/mcp.json', JSON.stringify({ mcpServers }));
  await bench.restart({ CODEX_PLUS_MCP_SAMPLING: sampling });
  client = bench.client(0);
}

async function tell(said: string): Promise<string> {
  const { spoken }: Said = await client.tell([['user', said]], false);
  return spoken.map(([, one]) => one).join(' ');
}

function sent(index: number): Json {
  return bench.upstream.requests.at(index)?.json ?? {};
}

/** What the model got for the newest call in the last request. */
function output(): string {
  return String(bench.sent(-1).findLast(([kind]) => kind === 'output')?.[2]);
}

/** Each protocol with each API, half of them as streams. */
const cases = callCases.map((one, index) => [[0, 3, 4].includes(index) ? 'new' : 'old', ...one] as const);

describe.each(cases)('a server of the %s protocol asks the model, %s', (era, api, which, stream) => {
  beforeEach(async () => {
    await use(era);
    client = bench.client(which);
  });

  test('in a conversation of its own, and gets what it said; its tokens are counted [MCP-2] [SEC-1] [OBS-1]', async () => {
    const question = ask('Which colour?', { systemPrompt: 'Be brief.', includeContext: 'allServers' });
    bench.answers([asking('c1', question, question)], [text('Blue.')], [text('Green.')], [text('Done.')]);
    expect((await client.tell([['user', 'mine alone']], stream)).spoken).toEqual([['text', 'Done.']]);
    const said = JSON.parse(output()) as readonly Json[];
    const answer = { role: 'assistant', model: 'm', stopReason: 'endTurn' };
    expect(said).toEqual([
      { ...answer, content: words('Blue.') },
      { ...answer, content: words('Green.') },
    ]);
    const message = { role: 'user', content: 'Which colour?' };
    const shapes = {
      responses: {
        ...{ instructions: 'Be brief.', max_output_tokens: 100 },
        input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Which colour?' }] }],
      },
      chat: {
        messages: [{ role: 'system', content: 'Be brief.' }, message],
        max_completion_tokens: 100,
      },
      messages: { system: 'Be brief.', messages: [message], max_tokens: 100 },
    };
    expect(sent(1)).toMatchObject({ model: 'm', stream: true, ...shapes[api] });
    expect(JSON.stringify(sent(1))).not.toMatch(/mine alone|mcp__one|"tools"/);
    expect(bench.upstream.requests).toHaveLength(4);
    const lines = (): readonly Json[] => bench.middleware.lines.filter(({ modelCalls }) => modelCalls === 4);
    await until(() => lines().length === 1);
    const metrics = await (await fetch(`${bench.middleware.url}/metrics`)).text();
    expect(metrics).toMatch(/^codex_plus_tokens_total\{model="m",.*direction="output"\} 40$/m);
  });

  test('with images and with what was said before, and with no more tokens than we allow [MCP-2]', async () => {
    const image = { type: 'image', data: 'aGVsbG8=', mimeType: 'image/png' };
    const messages = [
      { role: 'user', content: words('Look.') },
      { role: 'assistant', content: words('At what?') },
      { role: 'user', content: [image, words('At this.')] },
    ];
    bench.answers([asking('c1', { messages, maxTokens: 1_000_000 })], [text('A cat.')], [text('Done.')]);
    await client.tell([['user', 'go']], stream);
    expect(output()).toContain('A cat.');
    expect(JSON.stringify(sent(1))).toMatch(/Look\..*At what\?.*aGVsbG8=.*At this\./);
    expect(JSON.stringify(sent(1))).toMatch(/"max_\w+":4096/);
  });

  test('which fails, and learns nothing of what the provider says; the log does [MCP-2] [SEC-1]', async () => {
    const failure = status(400, { error: { message: 'account of ada is empty' } });
    bench.answers([asking('c1', ask('Which?'))], failure, [text('Done.')]);
    await client.tell([['user', 'go']], stream);
    expect(output()).toContain('the model gave no answer');
    expect(output()).not.toContain('ada');
    expect(JSON.stringify(bench.middleware.lines)).toMatch(/no answer of the model.*account of ada is empty/);
  });
});

describe.each(['new', 'old'] as const)('a server of the %s protocol', (era) => {
  test('may not ask the model unless it is named, and is told so before it asks [MCP-2] [SEC-1]', async () => {
    await use(era, 'other,');
    bench.answers([call('mcp__one__abilities', 'c1')], [asking('c2', ask('Which?'))], [text('Done.')]);
    expect(await tell('go')).toBe('Done.');
    expect(bench.sent(-1)).toContainEqual(['output', 'c1', 'elicitation roots']);
    // As the SDKs have it: a server of the older protocol asks all the same.
    expect(output()).toMatch(era === 'new' ? /sampling.*not declare/ : /Method not found/);
    expect(bench.upstream.requests).toHaveLength(3);
  });

  test('that is named hears that it may [MCP-2]', async () => {
    await use(era);
    bench.answers([call('mcp__one__abilities', 'c1')], [text('Done.')]);
    await tell('go');
    expect(output()).toBe('elicitation roots sampling');
  });

  test('may ask the model ten times in a call [MCP-2] [SEC-1]', async () => {
    await use(era);
    bench.answers(
      [asking('c1', ...Array.from({ length: 11 }, () => ask('Which?')))],
      ...Array.from({ length: 10 }, (_, nth) => [text(`Number ${nth}.`)]),
      [text('Done.')],
    );
    expect(await tell('go')).toBe('Done.');
    expect(output()).toContain('a server may ask the model 10 times in a call');
    expect(bench.upstream.requests).toHaveLength(12);
  });

  test('gets no answer to what models are not asked for servers, and hears why [MCP-2] [SEC-1]', async () => {
    await use(era);
    const tool = { name: 'rm', inputSchema: { type: 'object' } };
    const said = (role: string, content: JsonObject): JsonObject => ({
      ...{ messages: [{ role, content }], maxTokens: 100 },
    });
    const refused: readonly (readonly [JsonObject, RegExp])[] = [
      // The SDK of a newer server asks for the ability first.
      [ask('Which?', { tools: [tool] }), /offers tools|not declare the required capability/],
      [said('user', { type: 'audio', data: 'aGVsbG8=', mimeType: 'audio/wav' }), /text and images: audio/],
      [said('user', { type: 'image', data: 'aGVsbG8=', mimeType: 'image/tiff' }), /of another kind/],
      [said('assistant', { type: 'image', data: 'aGVsbG8=', mimeType: 'image/png' }), /is to have made/],
      [ask('x'.repeat(100_001)), /longer than 100000 characters/],
      [{ messages: [], maxTokens: 100 }, /it has no messages/],
    ];
    bench.answers(...refused.map(([question], at) => [asking(`c${at}`, question)]), [text('Done.')]);
    expect(await tell('go')).toBe('Done.');
    const outputs = bench.sent(-1).flatMap(([kind, , one]) => (kind === 'output' ? [one] : []));
    expect(outputs).toEqual(refused.map(([, why]) => expect.stringMatching(why)));
    expect(bench.upstream.requests).toHaveLength(refused.length + 1);
  });

  test('asks the model behind what its user answered, for the request that brought it [MCP-2]', async () => {
    await use(era);
    const colour = {
      message: 'Which colour?',
      requestedSchema: { type: 'object', properties: { colour: { type: 'string' } } },
    };
    bench.answers([asking('c1', colour, ask('Is it nice?'))], [text('Very.')], [text('Done.')]);
    expect(await tell('go')).toContain('asks:');
    expect(await tell('blue')).toBe('Done.');
    expect(output()).toMatch(/"blue".*Very\./);
    const lines = (): readonly Json[] =>
      bench.middleware.lines.filter(({ message }) => message === 'exchange');
    await until(() => lines().length === 2);
    // The first of them made one call alone, which is not told.
    expect(lines().map(({ modelCalls }) => modelCalls)).toEqual([undefined, 2]);
  });

  test('asks the model where nobody is there who could be asked [MCP-2]', async () => {
    await use(era);
    bench.answers([asking('c1', ask('Which?'))], [text('Blue.')], [text('Done.')]);
    await fetch(`${bench.middleware.url}/v1/responses`, {
      method: 'POST',
      headers: {
        'x-codex-plus-workspace': bench.workspace,
        'x-codex-turn-metadata': JSON.stringify({ turn_trigger: 'exec' }),
      },
      body: JSON.stringify({
        ...{ model: 'm', input: [{ role: 'user', content: 'go' }] },
        tools: [{ type: 'function', name: 'look', parameters: { type: 'object' } }],
      }),
    });
    expect(output()).toContain('Blue.');
  });

  test('asks for nobody once the client has left [MCP-2] [PX-4]', async () => {
    await use(era);
    bench.answers([asking('c1', ask('Which?'))], { kind: 'hang' });
    const socket = await openRaw(bench.middleware.port, {
      path: '/v1/responses',
      headers: ['x-codex-plus-workspace', bench.workspace],
      body: JSON.stringify({ model: 'm', stream: true, input: 'go' }),
    });
    await until(() => bench.upstream.requests.length === 2);
    socket.destroy();
    expect(await bench.upstream.requests[1]?.closed).toBe(true);
  });

  test('has no model to ask in calls of hooks [MCP-2] [SEC-1]', async () => {
    await use(era);
    const hook = { type: 'mcp_tool', server: 'one' };
    const asks = { ...hook, tool: 'ask', input: { questions: [ask('Which?')] } };
    const hooks = { UserPromptSubmit: [{ hooks: [asks, { ...hook, tool: 'abilities' }] }] };
    await bench.file('home/.claude/settings.json', JSON.stringify({ hooks }));
    bench.answers([text('Done.')]);
    expect(await tell('go')).toBe('Done.');
    expect(bench.upstream.requests).toHaveLength(1);
    // A server of the older protocol is told once for all calls what it may ask.
    const abilities = era === 'new' ? 'elicitation roots' : 'elicitation roots sampling';
    expect(JSON.stringify(sent(0))).toContain(abilities);
  });
});
