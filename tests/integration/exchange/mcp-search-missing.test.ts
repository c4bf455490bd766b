import { expect, test } from '@jest/globals';
import { callCases } from '../../support/call-clients.ts';
import { call, text } from '../../support/checked-bench.ts';
import { fixture } from '../../support/mcp/pool-place.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();

test.each(callCases.filter(([, , stream]) => stream))(
  'a model that searches is told which servers are missing and why, and later requests keep it, %s [MCP-1] [MCP-2]',
  async (_api, which, stream) => {
    const secret = 'sk-secret-of-the-server-0123456789';
    const mcpServers = {
      good: fixture(),
      bad: { command: '/no/such/bin', env: { API_KEY: secret } },
      ended: fixture('end-at-start'),
    };
    await bench.file('home/.codexplus/mcp.json', JSON.stringify({ mcpServers }));
    await bench.file('project/.mcp.json', JSON.stringify({ mcpServers: { theirs: fixture() } }));
    await bench.restart({ CODEX_PLUS_MCP_SEARCH_ABOVE_TOKENS: '0' });
    const search = (id: string, query: string) => call('mcp__codex_plus__search_tools', id, { query });
    bench.answers([search('c1', 'echo'), search('c2', '')], [text('Done.')]);
    const client = bench.client(which);
    await client.tell([['user', 'go']], stream);
    const sent = bench.sent(-1);
    for (const [kind, , output] of sent.filter(([one]) => one === 'output')) {
      expect([kind, output]).toEqual([
        'output',
        expect.stringMatching(/^(?:\[\{"name":"mcp__good__echo"|mcp__good__)/),
      ]);
      expect(output).toMatch(
        /\n\nThese MCP servers are configured, [^\n]*\n- bad: [^\n]*there is no program \/no\/such\/bin[^\n]*\n- ended: [^\n]*no licence found[^\n]*\n- theirs: the user has not allowed it yet$/,
      );
      expect(output).not.toContain(secret);
    }
    await client.tell([['user', 'more']], stream);
    expect(bench.sent(-1)).toEqual([...sent, ['text', 'Done.'], ['user', 'more']]);
  },
);
