import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { fetchOver } from '../../../middleware/features/mcp/transport/fetch-over.ts';
import { LoginReach } from '../../../middleware/features/mcp/login/login-reach.ts';
import { connectionsToServer } from '../../../middleware/features/mcp/transport/connections-to-server.ts';
import { FirstKinds, firstKinds } from '../../../middleware/platform/network/first-kinds.ts';
import { kindsOf } from '../../../middleware/platform/network/host-kind.ts';
import { poolPlace } from '../../support/mcp/pool-place.ts';
import { remoteFixture } from '../../support/mcp/remote-fixture.ts';

const outside = '93.184.215.5';
const server = createServer((_req, res) => res.end('inside'));
let connections = 0;
server.on('connection', () => (connections += 1));
let port: number;

beforeEach(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  ({ port } = server.address() as AddressInfo);
  connections = 0;
});
afterEach(async () => {
  server.closeAllConnections();
  await once(server.close(), 'close');
});

/** Asks for something at a name whose address is this machine, by way of an MCP connection. */
async function ask(first: FirstKinds, times = 1): Promise<readonly string[]> {
  const own = connectionsToServer(first, () => Promise.resolve(['127.0.0.1']));
  const fetchFn = fetchOver(own);
  const texts: string[] = [];
  try {
    for (let time = 0; time < times; time += 1)
      texts.push(await (await fetchFn(`http://mcp.example:${port}/mcp`, { method: 'POST' })).text());
  } finally {
    await own.close();
  }
  return texts;
}

describe('an MCP server by a name', () => {
  test.each([
    ['was of the public network', outside],
    ['was of a private network', '10.0.0.9'],
    ['was of the public network, behind NAT64', `64:ff9b::${outside}`],
  ])('that %s at first is not asked on this machine later [MCP-4] [SEC-1]', async (_, address) => {
    const first = new FirstKinds();
    first.learn('mcp.example', kindsOf([address]));
    const asked = ask(first).catch((error: unknown) => {
      throw (error as Error).cause;
    });
    await expect(asked).rejects.toThrow(
      'mcp.example led elsewhere when it was first used, and now to 127.0.0.1, which is this machine',
    );
    expect(connections).toBe(0);
  });

  test('that was of this machine at first is asked here, over connections that are kept [MCP-4]', async () => {
    expect(await ask(new FirstKinds(), 10)).toEqual(Array<string>(10).fill('inside'));
    expect(connections).toBeLessThan(10);
  });

  test('is for its logins where it was connected to [MCP-4] [SEC-1]', async () => {
    const first = new FirstKinds();
    await ask(first);
    const login = new LoginReach(
      { name: 'one', url: 'https://mcp.example/mcp', oauth: undefined },
      () => Promise.resolve(['10.0.0.9']),
      first,
    );
    await expect(login.assertMayReach(new URL('https://mcp.example/register'))).rejects.toThrow(
      'which is in a private network',
    );
  });
});

test('a server that leads inside all at once fails, and says what to do [MCP-4] [SEC-1]', async () => {
  const place = poolPlace();
  const remote = await remoteFixture('both');
  try {
    const url = remote.url.replace('127.0.0.1', 'localhost');
    firstKinds.learn('localhost', kindsOf([outside]));
    await expect(place.call(place.project({ one: { type: 'http', url } }), 'echo')).rejects.toThrow(
      /MCP server "one" .*localhost led elsewhere when it was first used, and now to .*: start Codex-Plus again/,
    );
    expect(remote.requests).toEqual([]);
  } finally {
    await place.close();
    await remote.close();
  }
});
