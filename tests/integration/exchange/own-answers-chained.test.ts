import { describe, expect, test } from '@jest/globals';
import { eventsOf } from '../../support/checked-bench.ts';
import { callRaw, type RawAnswer } from '../../support/raw-client.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();
const greet = '---\nallowed-tools: Bash(echo *)\n---\nSaid: !`echo hi to $0`';
const ofProject = 'project/.claude/settings.json';

type Json = Readonly<Record<string, unknown>>;

/** A client of the Responses API that sends what is new, and the id of what it goes on from. */
class ChainingClient {
  readonly #headers: readonly string[];
  /** Of the newest answer. */
  id: string | undefined;

  constructor(...headers: readonly string[]) {
    this.#headers = ['x-codex-plus-workspace', bench.workspace, ...headers];
  }

  call(body: Json): Promise<RawAnswer> {
    const previous = this.id === undefined ? {} : { previous_response_id: this.id };
    return callRaw(bench.middleware.port, {
      path: '/v1/responses',
      headers: this.#headers,
      body: JSON.stringify({ model: 'm', ...previous, ...body }),
    });
  }

  async say(input: unknown, more: Json = {}): Promise<string> {
    const answer = await this.call({ input, ...more });
    expect(answer.status).toBe(200);
    const { id, output } = (
      more['stream'] === true ? eventsOf(answer).at(-1)?.['response'] : JSON.parse(answer.body.toString())
    ) as { readonly id: string; readonly output: unknown };
    this.id = id;
    return JSON.stringify(output);
  }
}

/** What the model got with its last request: what it goes on from, and what was new. */
function sent(): Json {
  const { input, previous_response_id: previous } = bench.upstream.requests.at(-1)?.json ?? {};
  return { input, previous };
}

function sentText(): string {
  return JSON.stringify(sent());
}

describe.each([
  ['of a client that names its conversation', ['x-codex-plus-session', 's']],
  ['of a client that names none', []],
])('an answer of ours that is gone on from by its id, %s,', (_who, headers) => {
  test.each([false, true])(
    'is unknown to the provider and to the model, streamed: %s [CMD-4]',
    async (stream) => {
      const client = new ChainingClient(...headers);
      await client.say('/mcp list', { stream });
      await client.say('/mcp nothing', { stream });
      await client.say('hi', { stream });
      expect(sent()).toEqual({ input: [{ role: 'user', content: 'hi' }], previous: undefined });
      expect(client.id).toBe('resp_scripted');
      await client.say('/mcp list', { stream });
      await client.say([{ role: 'user', content: 'bye' }], { stream });
      expect(sent()).toEqual({ input: [{ role: 'user', content: 'bye' }], previous: 'resp_scripted' });
      expect(bench.upstream.requests).toHaveLength(2);
    },
  );

  test('lets a command run after a yes, in its place [CMD-2] [HK-3]', async () => {
    await bench.file('project/.claude/commands/greet.md', greet);
    const client = new ChainingClient(...headers);
    await client.say('hello');
    expect(await client.say('/greet ada')).toContain('Allow?');
    await client.say('y');
    expect(sentText()).toContain('Said: hi to ada');
    expect(sentText()).not.toMatch(/Allow|"y"/);
    expect(sent()['previous']).toBe('resp_scripted');
  });

  test('lets the model know of the prompt behind which hooks were asked about [HK-3]', async () => {
    await bench.hooks({ UserPromptSubmit: 'echo kind' }, ofProject);
    const client = new ChainingClient(...headers);
    expect(await client.say('hello')).toContain('Allow?');
    await client.say('y');
    expect(sentText()).toMatch(/hello.*kind/);
    expect(sentText()).not.toMatch(/Allow|"y"|codexplus/);
  });

  test('does not make words behind it the answer to a question of another answer [SEC-4]', async () => {
    await bench.hooks({}, 'home/.claude/settings.json', { permissions: { ask: ['Bash(rm:*)'] } });
    bench.answers([{ kind: 'call', name: 'exec_command', arguments: { cmd: 'rm x' }, callId: 'c1' }], []);
    const client = new ChainingClient(...headers);
    await client.say('/mcp list');
    const { id } = client;
    expect(await client.say('clean up')).toContain('Allow?');
    client.id = id;
    expect(await client.say('y')).not.toContain('rm x');
    expect(sentText()).toMatch(/"content":"y"/);
  });

  test('has the question below it that still waits, and the words behind it are its answer [SEC-4] [CMD-4]', async () => {
    await bench.hooks({}, 'home/.claude/settings.json', { permissions: { ask: ['Bash(rm:*)'] } });
    bench.answers([{ kind: 'call', name: 'exec_command', arguments: { cmd: 'rm x' }, callId: 'c1' }], []);
    const client = new ChainingClient(...headers);
    expect(await client.say('clean up')).toContain('Allow?');
    expect(await client.say('/mcp list')).toContain('Allow?');
    expect(await client.say('y')).toContain('rm x');
    expect(bench.upstream.requests).toHaveLength(1);
  });

  test('that gives a call of the model goes on with its output [HK-2]', async () => {
    await bench.hooks({}, 'home/.claude/settings.json', { permissions: { ask: ['Bash(rm:*)'] } });
    bench.answers([{ kind: 'call', name: 'exec_command', arguments: { cmd: 'rm x' }, callId: 'c1' }], []);
    const client = new ChainingClient(...headers);
    await client.say('clean up');
    expect(await client.say('y')).toContain('rm x');
    const output = { type: 'function_call_output', call_id: 'c1', output: 'gone' };
    await client.say([output]);
    expect(sent()).toEqual({ input: [output], previous: 'resp_scripted' });
  });
});

test('the output of a tool behind which a hook ended the turn reaches the model later [HK-2]', async () => {
  await bench.hooks({ PostToolUse: `echo '{"continue":false,"stopReason":"Enough."}'` });
  bench.answers([{ kind: 'call', name: 'exec_command', arguments: { cmd: 'ls' }, callId: 'c1' }], []);
  const client = new ChainingClient('x-codex-plus-session', 's');
  await client.say('list');
  const call = { type: 'function_call', call_id: 'c1', name: 'exec_command', arguments: '{"cmd":"ls"}' };
  const output = { type: 'function_call_output', call_id: 'c1', output: 'files' };
  expect(await client.say([call, output])).toContain('Enough.');
  await client.say('go on');
  expect(sentText()).toMatch(/"output":"files".*go on/);
  expect(sent()['previous']).toBe('resp_scripted');
});

describe('what is not known of an answer of ours', () => {
  const refusal = {
    error: expect.objectContaining({ type: 'invalid_request_error', code: 'previous_response_not_found' }),
  };

  test.each([
    ['made up', (): string => 'resp_codexplus_x', []],
    ['of another conversation', (id: string): string => id, ['x-codex-plus-session', 'other']],
  ])('is told, and not asked of the provider: an id %s [CMD-4]', async (_which, idOf, headers) => {
    const client = new ChainingClient();
    await client.say('/mcp list');
    const other = new ChainingClient(...headers);
    other.id = idOf(client.id ?? '');
    const { status, body } = await other.call({ input: 'hi' });
    expect({ status, body: JSON.parse(body.toString()) as unknown }).toEqual({ status: 400, body: refusal });
    expect(bench.upstream.requests).toEqual([]);
  });

  test('is told of an answer that was not to be stored, and of any after a restart', async () => {
    const client = new ChainingClient();
    await client.say('/mcp list', { store: false });
    expect((await client.call({ input: 'hi' })).status).toBe(400);
    client.id = undefined;
    await client.say('/mcp list');
    await bench.restart();
    expect((await client.call({ input: 'hi', stream: true })).status).toBe(400);
    expect(bench.upstream.requests).toEqual([]);
  });
});
