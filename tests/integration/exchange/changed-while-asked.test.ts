import { beforeEach, describe, expect, test } from '@jest/globals';
import { call, text } from '../../support/checked-bench.ts';
import { fixture } from '../../support/mcp/pool-place.ts';
import { lookedAgain } from '../../support/test-clock.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();

const serve = (mcpServers: object): Promise<void> =>
  bench.file('home/.codexplus/mcp.json', JSON.stringify({ mcpServers }));
const permit = (permissions: object): Promise<void> =>
  bench.file('home/.claude/settings.json', JSON.stringify({ permissions }));

/** What the model got for the call, whose user said yes to it after a change. */
async function outputAfter(change: () => Promise<void>): Promise<unknown> {
  const client = bench.client(0);
  const asked = await client.tell([['user', 'go']], false);
  expect(JSON.stringify(asked.spoken)).toContain('The model wants to use mcp__one__echo');
  await change();
  lookedAgain();
  await client.tell([['user', 'y']], false);
  return bench.sent(-1).findLast(([kind]) => kind === 'output')?.[2];
}

describe('a call of an MCP tool that the user is asked about', () => {
  beforeEach(async () => {
    await serve({ one: fixture() });
    await permit({ ask: ['mcp__one'] });
    bench.answers([call('mcp__one__echo', 'c1', { text: 'four' })], [text('Done.')]);
  });

  test('runs after a yes [MCP-2]', async () => {
    expect(await outputAfter(() => Promise.resolve())).toBe('four');
  });

  test('runs by no yes that comes after a rule which denies it [MCP-2] [SEC-1]', async () => {
    const output = await outputAfter(() => permit({ deny: ['mcp__one__echo'] }));
    expect(output).toBe('No such tool available: mcp__one__echo');
  });

  test('runs by no yes that comes after its server was removed [MCP-2] [SEC-1]', async () => {
    expect(await outputAfter(() => serve({}))).toMatch(/no MCP server "one" is configured/);
  });
});
