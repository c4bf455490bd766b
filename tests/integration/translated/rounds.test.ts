import { beforeEach, describe, expect, test } from '@jest/globals';
import { call, text } from '../../support/checked-bench.ts';
import { deployment } from '../../support/deployments.ts';
import { fixture } from '../../support/mcp/pool-place.ts';
import { callRaw } from '../../support/raw-client.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();
/** The places of the clients of the Responses API and of the Messages API among the clients. */
const [responses, messages] = [0, 2];

async function metrics(): Promise<string> {
  const answer = await fetch(`${bench.middleware.url}/metrics`);
  return answer.text();
}

/** The last message that the model got, which has what came of calls; of both APIs the text. */
function outputs(): string {
  const { messages, input } = bench.upstream.requests.at(-1)?.json ?? {};
  const sent = (messages ?? input) as readonly object[];
  return JSON.stringify(sent.at(-1));
}

describe.each([
  ['anthropic', responses, true],
  ['anthropic', responses, false],
  ['gemini', responses, true],
  ['gemini', responses, false],
  ['openai', messages, true],
  ['openai', messages, false],
] as const)('[RT-4] an answer of %s that is translated (client %i, streamed: %s)', (provider, at, stream) => {
  beforeEach(() => {
    bench.upstream.deploys([deployment('m', provider)]);
  });

  test('has no call that a rule denies: the model is told why, and goes on', async () => {
    const settings = { permissions: { deny: ['Bash(rm:*)'] } };
    await bench.file('home/.claude/settings.json', JSON.stringify(settings));
    const remove = { Bash: { command: 'rm -rf x' }, exec_command: { cmd: 'rm -rf x' } };
    const name = at === messages ? 'Bash' : 'exec_command';
    bench.answers([call(name, 'c1', remove[name])], [text('Then not.')]);
    const said = await bench.client(at).tell([['user', 'tidy up']], stream);
    expect(said.spoken.map(([kind]) => kind)).not.toContain('call');
    expect(said.spoken.map(([, words]) => words).join(' ')).toContain('Then not.');
    expect(bench.sent(1).slice(0, 2)).toEqual([
      ['user', 'tidy up'],
      ['call', name, remove[name], 'c1'],
    ]);
    expect(outputs()).toContain('Permission to use Bash with command rm -rf x has been denied.');
  });

  test('has no call of a tool that runs here, but what came of it', async () => {
    await bench.file('home/.codexplus/mcp.json', JSON.stringify({ mcpServers: { one: fixture() } }));
    const client = bench.client(at);
    bench.answers([call('mcp__one__echo', 'c1', { text: 'four' })], [text('It is four.')]);
    const said = await client.tell([['user', 'what is 2+2?']], stream);
    expect(said.spoken.map(([kind]) => kind)).not.toContain('call');
    expect(said.spoken.at(-1)).toEqual(['text', 'It is four.']);
    expect(JSON.stringify(bench.upstream.requests[0]?.json?.['tools'])).toContain('mcp__one__echo');
    const rounds = bench.sent(1);
    expect(rounds.slice(0, 2)).toEqual([
      ['user', 'what is 2+2?'],
      ['call', 'mcp__one__echo', { text: 'four' }, 'c1'],
    ]);
    expect(rounds.slice(2)).toEqual([['output', 'c1', expect.anything()]]);
    expect(outputs()).toContain('four');
    bench.answers([text('You are welcome.')]);
    await client.tell([['user', 'thanks']], stream);
    // The model has all of it again, and nothing else.
    expect(bench.sent(2).slice(0, 3)).toEqual(rounds);
    expect(bench.sent(2).slice(3)).toEqual([
      ['text', 'It is four.'],
      ['user', 'thanks'],
    ]);
  });

  test('is counted with all that its rounds used, and what LiteLLM says that it cost', async () => {
    const headers = {
      ...{ 'x-litellm-model-name': `${provider}/its-own-name`, 'x-litellm-response-cost': '0.25' },
      ...{ 'x-litellm-call-id': 'inside', 'llm_provider-request-id': 'req_provider' },
    };
    bench.answers({ kind: 'answer', items: [{ kind: 'text', text: 'Hello.' }], headers });
    const said = [{ role: 'user', content: 'hi' }];
    const asked = at === messages ? { max_tokens: 100, messages: said } : { input: said };
    const path = at === messages ? '/v1/messages' : '/v1/responses';
    const body = JSON.stringify({ model: 'm', stream, ...asked });
    const answer = await callRaw(bench.middleware.port, { path, body });
    const names = answer.headers.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
    expect(names.filter((name) => name.startsWith('x-litellm') || name.startsWith('llm_provider'))).toEqual(
      [],
    );
    expect(answer.headers).toContain('req_provider');
    // Anthropic counts what the cache had beside it.
    expect(answer.body.toString()).toContain(`"input_tokens":${at === messages ? 60 : 100}`);
    const told = await metrics();
    expect(told).toMatch(new RegExp(`tokens.*${provider}.* 100\\n`));
    expect(told).toMatch(/tokens.*cached.* 40\n/);
    expect(told).toMatch(/cost.* 0\.25\n/);
  });
});
