import { beforeEach, describe, expect, test } from '@jest/globals';
import { call, text } from '../../support/checked-bench.ts';
import { callCases } from '../../support/call-clients.ts';
import { askingFixture } from '../../support/mcp/pool-place.ts';
import { callRaw } from '../../support/raw-client.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();

const who = {
  message: 'Who?',
  requestedSchema: { type: 'object', properties: { who: { type: 'string' } } },
};
const asking = (callId: string): ReturnType<typeof call> =>
  call('mcp__one__ask', callId, { questions: [who] });
const answered = (name: string): string => JSON.stringify([{ action: 'accept', content: { who: name } }]);

/** What came of the calls in a request, by their ids. */
const outputs = (index: number) => bench.sent(index).filter(([kind]) => kind === 'output');

beforeEach(async () => {
  const mcpServers = { one: askingFixture('old') };
  await bench.file('home/.codexplus/mcp.json', JSON.stringify({ mcpServers }));
  bench.answers([asking('c1')], [asking('c2')], [text('Done.')], [text('Done.')]);
});

describe.each(callCases)(
  'two conversations without a session, %s [%i], streamed: %s,',
  (_api, which, stream) => {
    test('that begin alike and are asked the same: each answer goes to its own call [MCP-2] [SEC-1]', async () => {
      const [first, second] = [bench.client(which), bench.client(which)];
      await first.tell([['user', 'go']], stream);
      await second.tell([['user', 'go']], stream);
      await first.tell([['user', 'alice']], stream);
      expect(outputs(2)).toEqual([['output', 'c1', answered('alice')]]);
      await second.tell([['user', 'bob']], stream);
      expect(outputs(3)).toEqual([['output', 'c2', answered('bob')]]);
    });
  },
);

test('a client that keeps texts alone has its answer at its own call too [MCP-2] [SEC-1]', async () => {
  const ask = async (...said: readonly string[]): Promise<string> => {
    const input = said.map((content, index) => ({ role: index % 2 === 0 ? 'user' : 'assistant', content }));
    const { body } = await callRaw(bench.middleware.port, {
      path: '/v1/responses',
      headers: ['x-codex-plus-workspace', bench.workspace],
      body: JSON.stringify({ model: 'm', input }),
    });
    const { output } = JSON.parse(body.toString()) as { output: { content: { text: string }[] }[] };
    return output.at(-1)?.content[0]?.text ?? '';
  };
  const [first, second] = [await ask('go'), await ask('go')];
  expect(first).toMatch(/\n\n\(question [2-9B-Z]{6}\)$/);
  expect(second).not.toBe(first);
  await ask('go', first, 'alice');
  expect(outputs(2)).toEqual([['output', 'c1', answered('alice')]]);
  await ask('go', second, 'bob');
  expect(outputs(3)).toEqual([['output', 'c2', answered('bob')]]);
});
