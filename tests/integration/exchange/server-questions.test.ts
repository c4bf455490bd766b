import { beforeEach, describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { callCases, type CallClient, type Said, type Spoken } from '../../support/call-clients.ts';
import { call, text } from '../../support/checked-bench.ts';
import { askingFixture } from '../../support/mcp/pool-place.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();

async function servers(entries: Readonly<Record<string, JsonObject>>): Promise<void> {
  await bench.file('home/.codexplus/mcp.json', JSON.stringify({ mcpServers: entries }));
}

/** A question of the server for a form of such fields. */
function form(message: string, properties: JsonObject, more: JsonObject = {}): JsonObject {
  return { message, requestedSchema: { type: 'object', properties, ...more } };
}

const colour = form('Which colour?', { colour: { type: 'string' } }, { required: ['colour'] });

function asking(callId: string, ...questions: readonly JsonObject[]): ReturnType<typeof call> {
  return call('mcp__one__ask', callId, { questions });
}

function words({ spoken }: Said): string {
  return spoken.map(([, said]) => said).join(' ');
}

/** Each protocol with each API, half of them as streams. */
const cases = callCases.map((one, index) => [[0, 3, 4].includes(index) ? 'new' : 'old', ...one] as const);

describe.each(cases)('a server of the %s protocol asks in a conversation, %s', (era, _api, which, stream) => {
  let client: CallClient;
  const tell = (words_: string): Promise<Said> => client.tell([['user', words_]], stream);
  const known = (questions: readonly JsonObject[], output: unknown): readonly unknown[] => [
    ['user', 'go'],
    ['text', 'Let me ask.'],
    ['call', 'mcp__one__ask', { questions }, 'c1'],
    ['output', 'c1', output],
  ];

  beforeEach(async () => {
    await servers({ one: askingFixture(era) });
    client = bench.client(which);
  });

  test("its user, whose next message is the answer and not the model's [MCP-2]", async () => {
    bench.answers([text('Let me ask.'), asking('c1', colour)], [text('Blue it is.')]);
    const asked = await tell('go');
    expect(words(asked)).toMatch(
      /Let me ask\.\s+MCP server "one" \(tool ask\) asks:\n\n {4}Which colour\?\n/,
    );
    expect(words(asked)).toContain('    - colour (text, required)');
    expect(bench.upstream.requests).toHaveLength(1);
    const said = await tell('blue');
    expect(said.spoken).toEqual([['text', 'Blue it is.']]);
    const output = '[{"action":"accept","content":{"colour":"blue"}}]';
    expect(bench.sent(1)).toEqual(known([colour], output));
    await tell('thanks');
    expect(bench.sent(2)).toEqual([...known([colour], output), ['text', 'Blue it is.'], ['user', 'thanks']]);
  });

  test('again where the answer is none, and a second thing behind it [MCP-2]', async () => {
    const size = form(
      'Which size?',
      { size: { type: 'integer', minimum: 1, maximum: 9 } },
      { required: ['size'] },
    );
    bench.answers([text('Let me ask.'), asking('c1', colour, size)], [text('Done.')]);
    await tell('go');
    expect(words(await tell('blue'))).toMatch(/^MCP server "one" \(tool ask\) asks:\n\n {4}Which size\?/);
    expect(words(await tell('ten'))).toMatch(
      /^MCP server "one" [^]*\n\nsize has to be a whole number\.\n\n\(question \w{6}\)$/,
    );
    expect(words(await tell('10'))).toMatch(
      /^MCP server "one" [^]*\n\nsize may be at most 9\.\n\n\(question \w{6}\)$/,
    );
    expect(bench.upstream.requests).toHaveLength(1);
    expect((await tell('4')).spoken).toEqual([['text', 'Done.']]);
    const output =
      '[{"action":"accept","content":{"colour":"blue"}},{"action":"accept","content":{"size":4}}]';
    expect(bench.sent(1)).toEqual(known([colour, size], output));
    await tell('thanks');
    expect(bench.sent(2)).toEqual([...known([colour, size], output), ['text', 'Done.'], ['user', 'thanks']]);
  });

  test('behind the question whether the call may run at all [MCP-2] [SEC-1]', async () => {
    await bench.file(
      'home/.claude/settings.json',
      JSON.stringify({ permissions: { ask: ['mcp__one__ask'] } }),
    );
    bench.answers([text('Let me ask.'), asking('c1', colour)], [text('Done.')]);
    expect(words(await tell('go'))).toContain('The model wants to use mcp__one__ask');
    expect(words(await tell('yes'))).toMatch(/^MCP server "one" \(tool ask\) asks:/);
    expect((await tell('decline')).spoken).toEqual([['text', 'Done.']]);
    expect(bench.sent(1)).toEqual(known([colour], '[{"action":"decline"}]'));
  });

  test('and each branch keeps its own answer [MCP-2]', async () => {
    bench.answers([text('Let me ask.'), asking('c1', colour)], [text('Well.')]);
    await tell('go');
    const other = client.fork();
    const first = known([colour], '[{"action":"accept","content":{"colour":"blue"}}]');
    const second = known([colour], expect.stringContaining('answered before, in another branch'));
    await tell('blue');
    expect(bench.sent(-1)).toEqual(first);
    await other.tell([['user', 'red']], stream);
    expect(bench.sent(-1)).toEqual(second);
    const more: readonly Spoken[] = [
      ['text', 'Well.'],
      ['user', 'more'],
    ];
    await tell('more');
    expect(bench.sent(-1)).toEqual([...first, ...more]);
    await other.tell([['user', 'more']], stream);
    expect(bench.sent(-1)).toEqual([...second, ...more]);
  });
});
