import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { call, text } from '../../support/checked-bench.ts';
import { status } from '../../support/fake-upstream/step.ts';
import { fixture } from '../../support/mcp/pool-place.ts';
import { callRaw } from '../../support/raw-client.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();
const native = {
  id: 'r',
  object: 'response.compaction',
  output: [
    { type: 'message', role: 'user', content: [{ type: 'output_text', text: 'hi' }] },
    { type: 'compaction' },
  ],
};
const tools = [{ type: 'function', name: 'look', parameters: { type: 'object', properties: {} } }];

/** Has a conversation summed up at the path for it; resolves with the status and the text of the answer. */
async function compact(body: object): Promise<readonly [number, string]> {
  const answer = await callRaw(bench.middleware.port, {
    path: '/v1/responses/compact',
    headers: ['x-codex-plus-workspace', bench.workspace],
    body: JSON.stringify({ model: 'gpt-5', tools, ...body }),
  });
  return [answer.status, answer.body.toString()];
}

const said = (words: string): object => ({ role: 'user', content: words });

test('[PX-6] hooks on compactions run for it and no others, and nothing is said to the model', async () => {
  const heard = join(bench.folder, 'heard');
  await bench.hooks({
    SessionStart: 'echo start',
    UserPromptSubmit: 'echo prompt',
    PreCompact: `echo pre >> ${heard}; echo keep the names`,
    PostCompact: `echo post >> ${heard}; cat > ${heard}-post`,
    Stop: `echo stop >> ${heard}`,
  });
  bench.answers(status(200, native));
  const input = [said('/help')];
  expect(await compact({ input })).toEqual([200, JSON.stringify(native)]);
  expect(bench.upstream.requests.map(({ json }) => json)).toEqual([{ model: 'gpt-5', tools, input }]);
  expect(await readFile(heard, 'utf8')).toBe('pre\npost\n');
  // What can be read in its answer is what the user said.
  expect(JSON.parse(await readFile(`${heard}-post`, 'utf8'))).toMatchObject({ compact_summary: '' });
});

test('[PX-6] one that a hook refuses fails, and no model is called', async () => {
  await bench.hooks({ PreCompact: 'echo not now >&2; exit 2' });
  const [code, told] = await compact({ input: [said('hi')] });
  expect([code, told]).toEqual([400, expect.stringContaining('not now')]);
  expect(bench.upstream.requests).toHaveLength(0);
});

test('[PX-6] the tools of MCP servers are not offered in it, and what they did is part of it', async () => {
  await bench.file('home/.codexplus/mcp.json', JSON.stringify({ mcpServers: { one: fixture() } }));
  bench.answers([call('mcp__one__echo', 'c1', { text: 'four' })], [text('It is four.')], status(200, native));
  const answer = await callRaw(bench.middleware.port, {
    path: '/v1/responses',
    headers: ['x-codex-plus-workspace', bench.workspace],
    body: JSON.stringify({ model: 'gpt-5', tools, input: [said('what is 2+2?')] }),
  });
  const { output } = JSON.parse(answer.body.toString()) as { readonly output: readonly object[] };
  expect(await compact({ input: [said('what is 2+2?'), ...output] })).toEqual([200, JSON.stringify(native)]);
  expect(bench.upstream.requests[2]?.json?.['tools']).toEqual(tools);
  expect(bench.sent(2)).toEqual([
    ['user', 'what is 2+2?'],
    ['call', 'mcp__one__echo', { text: 'four' }, 'c1'],
    ['output', 'c1', 'four'],
    ['text', 'It is four.'],
  ]);
});

test('[PX-6] rules keep nobody from summing up what the provider has: no call comes of it', async () => {
  await bench.file('home/.codexplus/settings.json', JSON.stringify({ permissions: { deny: ['Bash'] } }));
  bench.answers(status(200, native));
  const kept = { previous_response_id: 'resp_1' };
  expect((await compact(kept))[0]).toBe(200);
  expect((await compact({ ...kept, input: [] }))[0]).toBe(200);
});
