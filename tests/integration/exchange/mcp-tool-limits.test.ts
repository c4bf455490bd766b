import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { callCases } from '../../support/call-clients.ts';
import { call, text } from '../../support/checked-bench.ts';
import type { Step } from '../../support/fake-upstream/step.ts';
import { fixture } from '../../support/mcp/pool-place.ts';
import { callRaw } from '../../support/raw-client.ts';
import { until } from '../../support/until.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();
beforeEach(() => {
  bench.answers([text('hello')]);
});

async function servers(entries: Readonly<Record<string, JsonObject>>): Promise<void> {
  await bench.file('home/.codexplus/mcp.json', JSON.stringify({ mcpServers: entries }));
}

type Json = Readonly<Record<string, unknown>>;

function bodyOf(index: number): Json {
  return bench.upstream.requests.at(index)?.json ?? {};
}

function namesIn(index: number): readonly string[] {
  const tools = (bodyOf(index)['tools'] ?? []) as readonly { readonly name?: string }[];
  return tools.map(({ name = '' }) => name);
}

/** A request of a program that works with nothing but the wire. */
function ask(body: object, path = '/v1/responses', agent = 'curl/8'): ReturnType<typeof callRaw> {
  return callRaw(bench.middleware.port, {
    path,
    headers: [...['user-agent', agent], ...['x-codex-plus-workspace', bench.workspace]],
    body: JSON.stringify({ model: 'm', ...body }),
  });
}

describe.each(callCases)('%s: what came of a tool', (api, which, stream) => {
  test('has its images as images where the API can show them [MCP-2]', async () => {
    await servers({ one: fixture() });
    bench.answers(
      [call('mcp__one__image', 'c1'), call('mcp__one__echo', 'c2', { text: 'x' })],
      [text('Nice.')],
    );
    const [client, url] = [bench.client(which), 'data:image/png;base64,aGVsbG8='];
    await client.tell([['user', 'look']], stream);
    const items = (bodyOf(1)['input'] ?? bodyOf(1)['messages']) as readonly Json[];
    const outputs = {
      responses: [
        {
          type: 'function_call_output',
          output: [
            { type: 'input_text', text: 'a picture' },
            { type: 'input_image', image_url: url },
          ],
        },
        { type: 'function_call_output', output: 'x' },
      ],
      chat: [
        { role: 'tool', tool_call_id: 'c1', content: 'a picture' },
        { role: 'tool', tool_call_id: 'c2', content: 'x' },
        { role: 'user', content: [{ type: 'image_url', image_url: { url } }] },
      ],
      messages: [
        {
          role: 'user',
          content: [
            {
              type: 'tool_result',
              content: [
                { type: 'text', text: 'a picture' },
                { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'aGVsbG8=' } },
              ],
            },
            { type: 'tool_result', content: 'x' },
          ],
        },
      ],
    }[api];
    expect(items.slice(-outputs.length)).toMatchObject(outputs);
    await client.tell([['user', 'again']], stream);
    expect(JSON.stringify(bodyOf(2))).toContain(JSON.stringify(items).slice(0, -1));
  });

  test('has images beside calls of the client only where outputs have room for them [MCP-2]', async () => {
    await servers({ one: fixture() });
    const client = bench.client(which);
    bench.answers([call('mcp__one__image', 'c1'), call('look', 'c2')], [text('Nice.')]);
    await client.tell([['user', 'look']], stream);
    await client.tell([['output', 'c2', 'seen']], stream);
    const sent = JSON.stringify(bodyOf(1));
    expect(sent.includes('aGVsbG8=')).toBe(api !== 'chat');
    expect(sent.includes('1 image(s) left out')).toBe(api === 'chat');
  });

  test('is the end of the turn where a hook says so, and the model knows of it later [MCP-2] [HK-1]', async () => {
    await servers({ one: fixture() });
    const stop = JSON.stringify({ continue: false, stopReason: 'That is enough.' });
    await bench.hooks({ PostToolUse: { matcher: 'mcp__one__echo', command: `echo '${stop}'` } });
    const client = bench.client(which);
    bench.answers([call('mcp__one__echo', 'c1', { text: 'four' })], [text('never')]);
    const said = await client.tell([['user', 'go']], stream);
    expect(said.spoken).toEqual([['text', expect.stringContaining('That is enough.')]]);
    expect(bench.upstream.requests).toHaveLength(1);
    await client.tell([['user', 'more']], stream);
    expect(bench.sent(1)).toEqual([
      ['user', 'go'],
      ['call', 'mcp__one__echo', { text: 'four' }, 'c1'],
      ['output', 'c1', 'four'],
      ['user', 'more'],
    ]);
  });

  test('is cut where it is longer than MAX_MCP_OUTPUT_TOKENS [MCP-5]', async () => {
    await servers({ one: fixture() });
    await bench.file('home/.claude/settings.json', JSON.stringify({ env: { MAX_MCP_OUTPUT_TOKENS: '100' } }));
    bench.answers([call('mcp__one__long', 'c1', { length: 5000 })], [text('Long.')]);
    await bench.client(which).tell([['user', 'go']], stream);
    const [, , output] = bench.sent(1).at(-1) ?? [];
    expect(output).toMatch(/^x{400}\n\[OUTPUT TRUNCATED - exceeded 100 token limit\] \S/);
  });

  test('never comes where the model calls on and on: the answer ends with an error that says so [MCP-2]', async () => {
    await bench.restart({ CODEX_PLUS_MAX_ROUNDS: '3' });
    await servers({ one: fixture() });
    bench.upstream.use((_seen, index) => ({
      kind: 'answer',
      items: [call('mcp__one__echo', `c${index}`, { text: 'again' })],
      turn: index,
    }));
    await expect(bench.client(which).tell([['user', 'go']], stream)).rejects.toThrow(
      /called 3 times for one answer \(limits\.maxRounds\), and each time its tool calls were refused or run here/,
    );
    expect(bench.upstream.requests).toHaveLength(3);
  });
});

describe('a server that does not work', () => {
  test.each([
    ['does not start', { command: '/no/such/program' }],
    ['ends at once', fixture('end-at-start')],
  ])('and %s takes no turn down, and the others are offered [MCP-2] [MCP-5]', async (_, entry) => {
    await servers({ bad: entry, one: fixture() });
    const said = await bench.client(0).tell([['user', 'hi']], true);
    expect(said.spoken).toEqual([['text', 'hello']]);
    expect(namesIn(0)).toContain('mcp__one__echo');
    expect(namesIn(0).some((name) => name.startsWith('mcp__bad'))).toBe(false);
  });

  test('and hangs is waited for once, for no longer than mcp.waitMs [MCP-2]', async () => {
    await bench.restart({ CODEX_PLUS_MCP_WAIT_MS: '1000' });
    await servers({ slow: fixture('hang-at-start') });
    const client = bench.client(0);
    await client.tell([['user', 'hi']], true);
    const startedAt = performance.now();
    await client.tell([['user', 'hi again']], true);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    expect(bench.upstream.requests).toHaveLength(2);
    expect(namesIn(1)).toEqual([]);
  });

  test('in a call is told to the model within the time of the call [MCP-2]', async () => {
    await servers({ one: fixture('good', { timeout: 1000 }) });
    bench.answers([call('mcp__one__hang', 'c1')], [text('It hangs.')]);
    const said = await bench.client(0).tell([['user', 'go']], true);
    expect(said.spoken).toEqual([['text', 'It hangs.']]);
    expect(bench.sent(1).at(-1)).toEqual([
      'output',
      'c1',
      'MCP server "one" tool "hang" timed out after 1 s',
    ]);
  });

  test('has the client kept alive while a call runs [MCP-2] [PX-5]', async () => {
    await bench.restart({ CODEX_PLUS_KEEPALIVE_MS: '20' });
    await servers({ one: fixture() });
    const file = join(bench.folder, 'came');
    bench.answers([call('mcp__one__wait', 'c1', { file })], [text('It came.')]);
    let seen = '';
    const response = await fetch(`${bench.middleware.url}/v1/responses`, {
      method: 'POST',
      headers: { 'user-agent': 'codex_exec/0.169.0', 'x-codex-plus-workspace': bench.workspace },
      body: JSON.stringify({
        model: 'm',
        input: 'go',
        stream: true,
        tools: [{ type: 'function', name: 'look' }],
      }),
    });
    const reading = (async () => {
      for await (const bytes of response.body ?? []) seen += Buffer.from(bytes).toString();
    })();
    await until(() => seen.split('codex_plus.keepalive').length > 3);
    expect(seen).not.toContain('mcp__one__wait');
    await bench.file('came', 'now');
    await reading;
    expect(seen).toContain('It came.');
    expect(bench.sent(1).at(-1)).toEqual(['output', 'c1', 'it came']);
  });

  test('is left when its client leaves: the call is given up [MCP-2]', async () => {
    await servers({ one: fixture() });
    bench.answers([call('mcp__one__hang', 'c1')], [text('never')]);
    const leaving = new AbortController();
    const asking = fetch(`${bench.middleware.url}/v1/responses`, {
      method: 'POST',
      headers: { 'x-codex-plus-workspace': bench.workspace },
      body: JSON.stringify({ model: 'm', input: 'go' }),
      signal: leaving.signal,
    });
    asking.catch(() => undefined);
    await until(() => bench.upstream.requests.length === 1);
    leaving.abort();
    await until(async () =>
      (await (await fetch(`${bench.middleware.url}/metrics`)).text()).includes(
        'codex_plus_mcp_calls_total{outcome="aborted",server="one"} 1',
      ),
    );
    expect(bench.upstream.requests).toHaveLength(1);
  });
});

const own = [{ type: 'function', name: 'look', parameters: { type: 'object' } }];
const json = { format: { type: 'json_schema', name: 'x', schema: { type: 'object' } } };

describe('which requests are offered tools', () => {
  test.each([
    ['without tools of its own', { input: 'hi' }, true],
    ['that wants JSON', { input: 'hi', text: json }, false],
    ['of an agent that wants JSON in the end', { input: 'hi', text: json, tools: own }, true],
    [
      'whose tool is chosen',
      { input: 'hi', tools: own, tool_choice: { type: 'function', name: 'look' } },
      false,
    ],
    ['that has to call one', { input: 'hi', tools: own, tool_choice: 'required' }, false],
    ['that may call none', { input: 'hi', tools: own, tool_choice: 'none' }, true],
    ['that is answered later', { input: 'hi', tools: own, background: true }, false],
    [
      'that has the server itself',
      { input: 'hi', tools: [{ type: 'function', name: 'mcp__one__echo' }] },
      false,
    ],
  ])('one %s [MCP-2]', async (_, body, gets) => {
    await servers({ one: fixture() });
    await ask(body);
    expect(
      namesIn(0)
        .filter((name) => name !== 'mcp__one__echo')
        .some((name) => name.startsWith('mcp__one')),
    ).toBe(gets);
    const given = { model: 'm', ...body };
    if (!gets) expect(bench.upstream.requests[0]?.raw.toString()).toBe(JSON.stringify(given));
  });

  test.each(['codex_exec/0.169.0', 'claude-cli/2.1.0 (external, cli)'])(
    '%s asks without tools for itself alone [MCP-2]',
    async (agent) => {
      await servers({ one: fixture() });
      await ask({ input: 'a title, please' }, '/v1/responses', agent);
      expect(namesIn(0)).toEqual([]);
      await ask({ input: 'hi', tools: own }, '/v1/responses', agent);
      expect(namesIn(1)).toContain('mcp__one__echo');
    },
  );

  test('Claude Code has the servers of its own files itself [MCP-2]', async () => {
    await bench.file('home/.claude.json', JSON.stringify({ mcpServers: { theirs: fixture() } }));
    await servers({ one: fixture('good', { env: { OTHER: '1' } }) });
    const groups = (): ReadonlySet<string> => new Set(namesIn(-1).map((name) => name.split('__')[1] ?? ''));
    await ask({ input: 'hi', tools: own }, '/v1/responses', 'claude-cli/2.1.0 (external, cli)');
    expect(groups()).toEqual(new Set(['', 'one']));
    await ask({ input: 'hi', tools: own });
    expect(groups()).toEqual(new Set(['', 'one', 'theirs']));
  });

  test.each([
    ['agents', false, true],
    ['never', false, false],
  ])('by mcp.tools: %s [MCP-2]', async (tools, alone, withOwn) => {
    await bench.restart({ CODEX_PLUS_MCP_TOOLS: tools });
    await servers({ one: fixture() });
    await ask({ input: 'hi' });
    expect(namesIn(0).includes('mcp__one__echo')).toBe(alone);
    await ask({ input: 'hi', tools: own });
    expect(namesIn(1).includes('mcp__one__echo')).toBe(withOwn);
  });

  test('what a client gets through our /mcp it is not offered twice: all but the servers of a project [MCP-2]', async () => {
    await servers({ one: fixture() });
    const mine = { mcpServers: { mine: fixture('good', { env: { OTHER: '1' } }) } };
    await bench.file('project/.mcp.json', JSON.stringify(mine));
    await bench.file('home/.claude/settings.json', JSON.stringify({ enabledMcpjsonServers: ['mine'] }));
    const ours = { type: 'namespace', name: 'mcp__codexplus', tools: own };
    await ask({ input: 'hi', tools: [ours] }, '/v1/responses', 'codex_exec/0.169.0');
    expect(namesIn(0)).toContain('mcp__mine__echo');
    expect(namesIn(0)).not.toContain('mcp__one__echo');
  });

  test('a lite request of Codex has them in the item that its own stand in, and is answered the same [MCP-2]', async () => {
    await servers({ one: fixture() });
    const group = { type: 'namespace', name: 'functions', tools: own };
    const input = [
      { type: 'additional_tools', role: 'developer', tools: [group] },
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'go' }] },
    ];
    const calls: Step = {
      kind: 'answer',
      items: [
        { kind: 'call', name: 'echo', namespace: 'mcp__one', arguments: { text: 'four' }, callId: 'c1' },
      ],
    };
    bench.answers(calls, [text('Done.')]);
    const answer = await ask({ input, stream: true }, '/v1/responses', 'codex_exec/0.169.0');
    expect(answer.body.toString()).toContain('Done.');
    expect(answer.body.toString()).not.toContain('mcp__one');
    const [item] = bodyOf(1)['input'] as readonly { readonly tools: readonly { readonly name: string }[] }[];
    expect(item?.tools.map(({ name }) => name)).toEqual(['functions', 'mcp__one']);
    expect(bench.sent(1).at(-1)).toEqual(['output', 'c1', 'four']);
  });
});
