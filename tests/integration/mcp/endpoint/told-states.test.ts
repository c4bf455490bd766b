import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { codexTurn, user } from '../../../support/codex-turns.ts';
import { gatewayPlace, type GatewayPlace } from '../../../support/mcp/gateway-place.ts';
import { fixture } from '../../../support/mcp/pool-place.ts';
import { until } from '../../../support/until.ts';

let place: GatewayPlace;
afterEach(() => place.close());

/** The lines of `/mcp list` below the server, for who works in a folder. */
async function listed(workspace: string): Promise<readonly string[]> {
  const input = [user('/mcp list', 'm1')];
  const answer = await codexTurn(place.middleware.port, { session: randomUUID(), workspace, input });
  const { output } = JSON.parse(answer) as {
    readonly output: readonly { readonly content: readonly { readonly text: string }[] }[];
  };
  return (output[0]?.content[0]?.text ?? '').split('\n').filter((line) => line.startsWith('  - '));
}

test.each([
  ['that folder', ''],
  ['another one', 'project'],
])(
  '`/mcp list` in %s tells how a server does for clients that it may ask something [MCP-5] [CMD-4]',
  async (_, folder) => {
    place = await gatewayPlace({ one: fixture('old') });
    await mkdir(join(place.home, 'project'));
    const workspace = join(place.home, folder);
    expect(await listed(workspace)).toEqual(['  - not used yet; `$mcp one` shows what it offers']);
    const client = await place.client('legacy', { options: { capabilities: { elicitation: { form: {} } } } });
    await client.callTool({ name: 'one__crash', arguments: {} });
    const failed = expect.stringMatching(
      /^ {2}- for clients at `\/mcp`: not running, the protocol up to 2025-11-25.*; the last error: .*the disk is on fire/,
    );
    expect(await listed(workspace)).toContainEqual(failed);
    await client.callTool({ name: 'one__echo', arguments: { text: 'up' } });
    const running = expect.stringMatching(/^ {2}- for clients at `\/mcp`: running, [^;]*$/);
    await until(async () => !JSON.stringify(await listed(workspace)).includes('the disk is on fire'));
    expect(await listed(workspace)).toContainEqual(running);
  },
);

test('of a server that asks all clients over one connection, `/mcp list` tells that one alone [MCP-5] [CMD-4]', async () => {
  place = await gatewayPlace({ one: fixture('good') });
  const client = await place.client('modern', { options: { capabilities: { elicitation: { form: {} } } } });
  await client.callTool({ name: 'one__echo', arguments: { text: 'up' } });
  expect(JSON.stringify(await listed(place.home))).not.toContain('for clients');
});
