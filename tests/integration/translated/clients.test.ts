import { expect, test } from '@jest/globals';
import { call, text } from '../../support/checked-bench.ts';
import { deployment } from '../../support/deployments.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();
/** Their places among the clients. */
const clients = { chat: 1, messages: 2 } as const;

function paths(): readonly string[] {
  return bench.upstream.requests.map(({ url }) => url.split('?', 1)[0] ?? '');
}

test.each([
  ['chat', 'anthropic', '/v1/messages', true],
  ['chat', 'anthropic', '/v1/messages', false],
  ['chat', 'gemini', '/v1/chat/completions', true],
  ['messages', 'gemini', '/v1/chat/completions', true],
  ['messages', 'gemini', '/v1/chat/completions', false],
  ['messages', 'anthropic', '/v1/messages', true],
  ['messages', 'openai', '/v1/responses', true],
  ['messages', 'openai', '/v1/responses', false],
  ['chat', 'openai', '/v1/chat/completions', true],
] as const)(
  '[RT-4] a client of the API %s gets calls and texts of %s, asked at %s (streamed: %s)',
  async (api, provider, path, stream) => {
    bench.upstream.deploys([deployment('m', provider)]);
    bench.answers([call('exec_command', 'c1', { cmd: 'echo "\u2028"' })], [text('Done.')]);
    const client = bench.client(clients[api]);
    const said = await client.tell([['user', 'go']], stream);
    expect(said.spoken).toEqual([['call', 'exec_command', { cmd: 'echo "\u2028"' }, 'c1']]);
    expect(paths()).toEqual([path]);
  },
);

test('[RT-4] tokens are counted where they were, for a model of another provider as well', async () => {
  bench.upstream.deploys([deployment('m', 'gemini')]);
  const body = '{ "model": "m", "messages": [{"role":"user","content":"go"}] }';
  const url = `${bench.middleware.url}/v1/messages/count_tokens?beta=true`;
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body });
  // The fake says what it was asked.
  expect(await answer.json()).toMatchObject({ url: '/v1/messages/count_tokens?beta=true', body });
});
