import { expect, test } from '@jest/globals';
import { call, text } from '../../support/checked-bench.ts';
import { askingFixture } from '../../support/mcp/pool-place.ts';
import { callCases } from '../../support/call-clients.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();

test.each(callCases.filter(([, , stream]) => stream))(
  'what a command sets for its turn counts behind the answer to a question of a server too, %s [MCP-2] [CMD-2]',
  async (_api, which, stream) => {
    const mcpServers = { one: askingFixture('old') };
    await bench.file('home/.codexplus/mcp.json', JSON.stringify({ mcpServers }));
    await bench.file('home/.claude/commands/deploy.md', '---\nmodel: large\n---\nDeploy it.');
    const colour = {
      message: 'Which colour?',
      requestedSchema: { type: 'object', properties: { colour: { type: 'string' } } },
    };
    const asking = (callId: string) => call('mcp__one__ask', callId, { questions: [colour] });
    bench.answers([asking('c1')], [asking('c2')], [text('Done.')]);
    const client = bench.client(which);
    const tell = async (words: string): Promise<string> =>
      (await client.tell([['user', words]], stream)).spoken.map(([, said]) => said).join(' ');
    expect(await tell('/deploy')).toContain('asks:');
    expect(await tell('blue')).toContain('asks:');
    expect(await tell('yes')).toBe('Done.');
    expect(await tell('And now?')).toBe('Done.');
    expect(bench.upstream.requests.map(({ json }) => json?.['model'])).toEqual([
      'large',
      'large',
      'large',
      'm',
    ]);
  },
);
