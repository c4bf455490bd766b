import { describe, expect, test } from '@jest/globals';
import { callCases, type Spoken } from '../../support/call-clients.ts';
import { call, text } from '../../support/checked-bench.ts';
import { fixture } from '../../support/mcp/pool-place.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();

const echo = (id: string, said: string) => call('mcp__one__echo', id, { text: said });
const echoed = (id: string, said: string): Spoken => ['call', 'mcp__one__echo', { text: said }, id];
const look: Spoken = ['call', 'look', {}, 'c1'];

async function useServer(): Promise<void> {
  await bench.file('home/.codexplus/mcp.json', JSON.stringify({ mcpServers: { one: fixture() } }));
}

describe.each(callCases)(
  '%s [%i], streamed: %s: calls of one answer that have one id',
  (_api, which, stream) => {
    test('all run where they are of tools that run here, each with its own result [MCP-2]', async () => {
      await useServer();
      bench.answers([echo('c1', 'four'), echo('c1', 'five'), echo('c1', 'six')], [text('Done.')]);
      const client = bench.client(which);
      const said = await client.tell([['user', 'go']], stream);
      expect(said.spoken).toEqual([['text', 'Done.']]);
      expect(bench.sent(-1)).toEqual([
        ['user', 'go'],
        ...[echoed('c1', 'four'), echoed('c1_2', 'five'), echoed('c1_3', 'six')],
        ...[
          ['output', 'c1', 'four'],
          ['output', 'c1_2', 'five'],
          ['output', 'c1_3', 'six'],
        ],
      ]);
    });

    test.each([
      ['before', [echo('c1', 'four'), call('look', 'c1', {})], [echoed('c1_2', 'four'), look]],
      ['behind', [call('look', 'c1', {}), echo('c1', 'four')], [look, echoed('c1_2', 'four')]],
    ])('keep the one of the client, ours %s it [MCP-2]', async (_where, items, calls) => {
      await useServer();
      bench.answers(items, [text('Done.')]);
      const client = bench.client(which);
      const said = await client.tell([['user', 'go']], stream);
      expect(said.spoken).toEqual([look]);
      await client.tell([['output', 'c1', 'files']], stream);
      const [user, ...rest] = bench.sent(-1);
      expect(user).toEqual(['user', 'go']);
      expect(rest.slice(0, 2)).toEqual(calls);
      expect(rest.slice(2)).toHaveLength(2);
      expect(rest).toContainEqual(['output', 'c1_2', 'four']);
      expect(rest).toContainEqual(['output', 'c1', 'files']);
    });

    test('are told apart where one of them is refused [HK-2]', async () => {
      await bench.hooks({}, 'home/.claude/settings.json', { permissions: { deny: ['rm'] } });
      bench.answers([call('rm', 'c1', {}), call('look', 'c1', {})], [text('Done.')]);
      const client = bench.client(which);
      expect((await client.tell([['user', 'go']], stream)).spoken).toContainEqual(look);
      await client.tell([['output', 'c1', 'files']], stream);
      const outputs = bench.sent(-1).filter(([kind]) => kind === 'output');
      expect(outputs).toHaveLength(2);
      expect(outputs).toContainEqual(['output', 'c1', 'files']);
    });
  },
);
