import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import type { Client } from '@modelcontextprotocol/client';
import { fixture } from '../../support/mcp/pool-place.ts';
import { gatewayPlace, type GatewayPlace } from '../../support/mcp/gateway-place.ts';

let place: GatewayPlace;
afterEach(async () => {
  await place.close();
});

async function textOf(client: Client, name: string, input: Record<string, unknown> = {}): Promise<string> {
  const { content } = await client.callTool({ name, arguments: input });
  return content.map((block) => (block.type === 'text' ? block.text : block.type)).join('|');
}

test('status tells how each server is, and starts none [MCP-2] [MCP-5]', async () => {
  place = await gatewayPlace({ bad: fixture('end-at-start'), one: fixture() });
  const client = await place.client('modern');
  const statusOf = async (): Promise<unknown> =>
    (JSON.parse(await textOf(client, 'status')) as { mcpServers: unknown }).mcpServers;
  const unused = { state: 'idle', breaker: 'closed', wantsLogin: false };
  expect(await statusOf()).toEqual(['bad', 'one'].map((name) => ({ name, ...unused })));
  await client.callTool({ name: 'one__echo', arguments: { text: 'x' } });
  await client.callTool({ name: 'bad__echo', arguments: {} });
  expect(await statusOf()).toMatchObject([
    { name: 'bad', state: 'idle', lastError: expect.stringContaining('no licence found') as unknown },
    { name: 'one', state: 'running', protocol: 'modern', breaker: 'closed' },
  ]);
});

test('run_command tells what a command stands for, and neither runs anything nor reads outside of the project [MCP-2] [CMD-1] [SEC-4]', async () => {
  place = await gatewayPlace({});
  const project = join(place.home, 'project');
  const write = (name: string, text: string): void => {
    writeFileSync(join(place.home, name), text);
  };
  mkdirSync(join(project, '.claude', 'commands'), { recursive: true });
  mkdirSync(join(place.home, '.claude', 'commands'));
  write('outside.txt', 'out of bounds');
  write('project/inside.txt', 'in bounds');
  symlinkSync(join(place.home, 'outside.txt'), join(project, 'link.txt'));
  write(
    '.claude/commands/show.md',
    '---\ndescription: Shows a file\nargument-hint: <file>\n---\nShow it: @$0',
  );
  write('.claude/commands/run.md', '---\nallowed-tools: Bash(echo:*)\n---\n!`echo $0`');
  write('.claude/commands/mine.md', '---\ndisable-model-invocation: true\n---\nMine.');
  write('project/.claude/commands/fix.md', 'Fix issue $ARGUMENTS.');
  const client = await place.client('modern', { query: `?project=${encodeURIComponent(project)}` });
  const run = (name: string, args?: string): Promise<string> =>
    textOf(client, 'run_command', { name, ...(args !== undefined && { arguments: args }) });
  expect(await run('/fix', '12')).toMatch(/<command-name>\/fix<[^]*Fix issue 12\.$/);
  const shown = await run('show', 'inside.txt');
  expect(shown).toContain('in bounds');
  for (const path of ['../outside.txt', join(place.home, 'outside.txt'), 'link.txt', '~/outside.txt']) {
    const text = await run('show', path);
    expect(text).toContain('would read files outside of the project');
    expect(text).not.toContain('out of bounds');
  }
  expect(await run('run', 'x')).toContain('only its user may have it do');
  expect(await run('mine')).toContain('there is no command /mine');
  expect(await run('mcp', 'add n sh')).toContain('there is no command /mcp');
  const list = await run('');
  expect(list).toContain('/show <file>: Shows a file');
  expect(list).not.toContain('/mine');
});
