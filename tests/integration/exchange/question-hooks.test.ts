import { beforeEach, describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { call, text } from '../../support/checked-bench.ts';
import { callCases, type CallClient } from '../../support/call-clients.ts';
import { askingFixture } from '../../support/mcp/pool-place.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();
let client: CallClient;

const colour = {
  message: 'Which colour?',
  requestedSchema: {
    type: 'object',
    properties: { colour: { type: 'string', enum: ['blue', 'red'] } },
    required: ['colour'],
  },
};

async function tell(words: string, stream = false): Promise<string> {
  const { spoken } = await client.tell([['user', words]], stream);
  return spoken.map(([, said]) => said).join(' ');
}

/** What the model got for the call in the last request. */
function output(): unknown {
  return bench.sent(-1).findLast(([kind]) => kind === 'output')?.[2];
}

async function use(era: 'new' | 'old', which: number, ...questions: readonly JsonObject[]): Promise<void> {
  const mcpServers = { one: askingFixture(era) };
  await bench.file('home/.codexplus/mcp.json', JSON.stringify({ mcpServers }));
  client = bench.client(which);
  bench.answers([call('mcp__one__ask', 'c1', { questions })], [text('Done.')]);
}

/** A command that answers for a hook, and keeps its input. */
function answers(event: string, own: JsonObject, name = 'in'): string {
  const answer = JSON.stringify({ hookSpecificOutput: { hookEventName: event, ...own } });
  return `${bench.keeps(name)}; echo >> ${bench.folder}/${name}; echo '${answer}'`;
}

const accepts = (value: unknown): JsonObject => ({ action: 'accept', content: { colour: value } });
const accepted = (value: unknown): string => JSON.stringify([accepts(value)]);
const declined = '[{"action":"decline"}]';

/** Each protocol with each API, half of them as streams. */
const cases = callCases.map((one, index) => [[0, 3, 4].includes(index) ? 'new' : 'old', ...one] as const);

describe.each(cases)('a question of a server of the %s protocol, %s', (era, _api, which, stream) => {
  beforeEach(() => use(era, which, colour));

  test("is answered by an Elicitation hook in the user's place, who is not asked [HK-1] [MCP-2]", async () => {
    await bench.hooks({
      Elicitation: answers('Elicitation', accepts('red')),
      ElicitationResult: bench.keeps('result'),
    });
    expect(await tell('go', stream)).toBe('Done.');
    expect(output()).toBe(accepted('red'));
    const [input, ...others] = await bench.kept('in');
    expect(others).toEqual([]);
    expect(input).toMatchObject({
      hook_event_name: 'Elicitation',
      ...{ mcp_server_name: 'one', message: 'Which colour?', mode: 'form' },
      requested_schema: colour.requestedSchema,
    });
    expect(await bench.kept('result')).toEqual([]);
  });

  test('is put to the user, and an ElicitationResult hook changes what he answers [HK-1] [MCP-2]', async () => {
    await bench.hooks({
      Elicitation: `${bench.keeps('asked')}; echo >> ${bench.folder}/asked`,
      ElicitationResult: answers('ElicitationResult', accepts('red')),
    });
    expect(await tell('go', stream)).toContain('Which colour?');
    expect(await bench.kept('asked')).toHaveLength(1);
    expect(await tell('green', stream)).toMatch(
      /\n\ncolour has to be one of those that are named[^\n]*\n\n\(question \w{6}\)$/,
    );
    expect(await bench.kept('in')).toEqual([]);
    expect(await tell('blue', stream)).toBe('Done.');
    expect(output()).toBe(accepted('red'));
    const [input] = await bench.kept('in');
    expect(input).toMatchObject({
      hook_event_name: 'ElicitationResult',
      ...{ mcp_server_name: 'one', mode: 'form', action: 'accept', content: { colour: 'blue' } },
    });
  });
});

describe('an Elicitation hook', () => {
  beforeEach(() => use('new', 0, colour));

  test('that exits with 2 declines, and the user reads why, the model not [HK-2] [MCP-2]', async () => {
    await bench.hooks({ Elicitation: 'echo never ask for colours >&2; exit 2' });
    const said = await tell('go');
    expect(said).toContain('Elicitation hook declined what MCP server "one" asks');
    expect(said).toContain('never ask for colours');
    expect(output()).toBe(declined);
    await tell('thanks');
    expect(JSON.stringify(bench.sent(-1))).not.toContain('never ask');
  });

  test.each(['decline', 'cancel'])('answers with a %s [HK-1] [MCP-2]', async (action) => {
    await bench.hooks({ Elicitation: answers('Elicitation', { action, content: { colour: 'red' } }) });
    expect(await tell('go')).toBe('Done.');
    expect(output()).toBe(JSON.stringify([{ action }]));
  });

  test.each([
    ['answers what does not fit the form', accepts('green'), 'named'],
    ['leaves out what is required', { action: 'accept' }, 'colour is missing'],
    ['names a field that there is not', { action: 'accept', content: { size: 1 } }, 'no field size'],
    ['says what is no action', { action: 'allow' }, 'expected one of accept, decline, cancel'],
  ])('that %s has failed, and the user is asked [HK-2] [MCP-2]', async (_what, own, told) => {
    await bench.hooks({ Elicitation: answers('Elicitation', own) });
    expect(await tell('go')).toContain('Which colour?');
    expect(JSON.stringify(bench.middleware.lines)).toContain(told);
    expect(await tell('blue')).toBe('Done.');
    expect(output()).toBe(accepted('blue'));
  });

  test('that breaks or is slow changes nothing [HK-2] [MCP-2]', async () => {
    const slow = { command: 'sleep 30', timeout: 0.2 };
    await bench.hooks({ Elicitation: 'exit 3', ElicitationResult: slow });
    expect(await tell('go')).toContain('Which colour?');
    expect(await tell('blue')).toBe('Done.');
    expect(output()).toBe(accepted('blue'));
    expect(bench.problems()).toEqual([
      expect.stringContaining('Elicitation hook [exit 3] failed'),
      expect.stringContaining('ElicitationResult hook [sleep 30] failed'),
    ]);
  });

  test.each([
    ['two', 'Which colour?'],
    ['one|two', 'Done.'],
    ['^o', 'Done.'],
  ])('hears of the servers that its matcher %s names [HK-1] [MCP-2]', async (matcher, said) => {
    const command = answers('Elicitation', accepts('red'));
    await bench.hooks({ Elicitation: { matcher, command } });
    expect(await tell('go')).toContain(said);
  });

  test('is told the address of a page, and agrees to it without values [HK-1] [MCP-2]', async () => {
    const url = 'https://login.example/?a=b';
    await use('old', 0, { mode: 'url', message: 'Please sign in.', url, elicitationId: '7' });
    await bench.hooks({ Elicitation: answers('Elicitation', { action: 'accept', content: { a: 1 } }) });
    expect(await tell('go')).toBe('Done.');
    expect(output()).toBe('[{"action":"accept"}]');
    const [input] = await bench.kept('in');
    expect(input).toMatchObject({ mode: 'url', url, elicitation_id: '7', mcp_server_name: 'one' });
    expect(input).not.toHaveProperty('requested_schema');
  });

  test('is asked for ten questions of a call at most [HK-1] [SEC-1]', async () => {
    await use('old', 0, ...Array.from({ length: 12 }, () => colour));
    await bench.hooks({ Elicitation: answers('Elicitation', accepts('red')) });
    expect(await tell('go')).toBe('Done.');
    expect(await bench.kept('in')).toHaveLength(10);
    expect(output()).toContain('one call may ask 10 at most');
  });

  test('answers where its client has nobody who could be asked [HK-1] [MCP-2]', async () => {
    await bench.hooks({ Elicitation: answers('Elicitation', accepts('red')) });
    const answer = await fetch(`${bench.middleware.url}/v1/responses`, {
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
    expect(JSON.stringify(await answer.json())).toContain('Done.');
    expect(output()).toBe(accepted('red'));
  });

  test('may be a model, which says no [HK-1] [MCP-2]', async () => {
    const prompt = { type: 'prompt', prompt: 'May it ask? $ARGUMENTS' };
    const hooks = { Elicitation: [{ hooks: [prompt] }] };
    await bench.file('home/.claude/settings.json', JSON.stringify({ hooks }));
    const asks = call('mcp__one__ask', 'c1', { questions: [colour] });
    bench.answers([asks], [text('{"ok": false, "reason": "too curious"}')], [text('Done.')]);
    expect(await tell('go')).toContain('too curious');
    expect(output()).toBe(declined);
  });

  test('of a project runs once it was allowed [HK-3] [MCP-2]', async () => {
    const command = `echo '${JSON.stringify({ hookSpecificOutput: { hookEventName: 'Elicitation', ...accepts('red') } })}'`;
    await bench.hooks({ Elicitation: command }, 'project/.claude/settings.json');
    expect(await tell('go')).toContain('wants to run a hook for Elicitation');
    const other = client.fork();
    expect(await tell('n')).toContain('Which colour?');
    client = other;
    bench.answers([call('mcp__one__ask', 'c2', { questions: [colour] })], [text('Done.')]);
    bench.upstream.forget();
    expect(await tell('y')).toBe('Done.');
    expect(output()).toBe(accepted('red'));
  });
});

describe('an ElicitationResult hook', () => {
  beforeEach(async () => {
    await use('old', 2, colour);
  });

  test.each([
    ['exits with 2', 'echo "not this one" >&2; exit 2', 'not this one'],
    ['blocks', `echo '{"decision": "block", "reason": "not this one"}'`, 'not this one'],
  ])('that %s has the server told no, and its user reads why [HK-2] [MCP-2]', async (_what, command, why) => {
    await bench.hooks({ ElicitationResult: command });
    await tell('go');
    const said = await tell('blue');
    expect(said).toContain('ElicitationResult hook declined your answer to MCP server "one"');
    expect(said).toContain(why);
    expect(output()).toBe(declined);
  });

  test('that makes something of an answer that does not fit has the server told no [HK-2] [MCP-2]', async () => {
    await bench.hooks({ ElicitationResult: answers('ElicitationResult', accepts('green')) });
    await tell('go');
    expect(await tell('blue')).toContain('colour has to be one of those that are named');
    expect(output()).toBe(declined);
  });

  test('may let an answer be as it is [HK-1] [MCP-2]', async () => {
    await bench.hooks({ ElicitationResult: answers('ElicitationResult', { action: 'accept' }) });
    await tell('go');
    expect(await tell('blue')).toBe('Done.');
    expect(output()).toBe(accepted('blue'));
  });

  test('may turn a no into a yes [HK-1] [MCP-2]', async () => {
    await bench.hooks({ ElicitationResult: answers('ElicitationResult', accepts('red')) });
    await tell('go');
    expect(await tell('decline')).toBe('Done.');
    expect(output()).toBe(accepted('red'));
  });

  test('may be a model, which says no [HK-1] [MCP-2]', async () => {
    const prompt = { type: 'prompt', prompt: 'May it know? $ARGUMENTS' };
    await bench.file(
      'home/.claude/settings.json',
      JSON.stringify({ hooks: { ElicitationResult: [{ hooks: [prompt] }] } }),
    );
    const asks = call('mcp__one__ask', 'c1', { questions: [colour] });
    bench.answers([asks], [text('{"ok": false, "reason": "too private"}')], [text('Done.')]);
    await tell('go');
    expect(await tell('blue')).toContain('too private');
    expect(output()).toBe(declined);
  });

  test('of a project that was changed since it was allowed has the server told no [HK-2] [HK-3]', async () => {
    await bench.file('project/check.sh', 'exit 0');
    await bench.hooks({ ElicitationResult: 'sh ./check.sh' }, 'project/.claude/settings.json');
    await tell('go');
    expect(await tell('y')).toContain('Which colour?');
    await bench.file('project/check.sh', 'exit 0 # changed');
    expect(await tell('blue')).toContain('was changed since you allowed it');
    expect(output()).toBe(declined);
  });
});
