import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { authorizationServer, type AuthorizationServer } from '../../support/mcp/authorization-server.ts';
import { browse } from '../../support/mcp/browse.ts';
import { poolPlace, type PoolPlace } from '../../support/mcp/pool-place.ts';
import { protectedFixture, type ProtectedFixture } from '../../support/mcp/protected-fixture.ts';

let home: AuthorizationServer;
let server: ProtectedFixture;
let place: PoolPlace;

const never = new AbortController().signal;

beforeEach(async () => {
  home = await authorizationServer();
  server = await protectedFixture(home);
  place = poolPlace();
});

afterEach(async () => {
  await place.close();
  await server.close();
  await home.close();
});

test('a login that is begun twice at once is one: nothing is left to wait [MCP-4]', async () => {
  const at = { project: place.project({ one: { url: server.url } }), conversation: 'c' };
  const { logins } = place.servers;
  const [one, other] = await Promise.all([logins.begin('one', at, never), logins.begin('one', at, never)]);
  expect(other.link.href).toBe(one.link.href);
  expect((await logins.waiting('one', at))?.link.href).toBe(one.link.href);
  await browse(one.link);
  await Promise.all([one.done, other.done]);
  await expect(fetch(one.link.searchParams.get('redirect_uri') ?? '')).rejects.toThrow();
});

test('a browser that comes back twice gets the same page, and the code is used once [MCP-4]', async () => {
  const at = { project: place.project({ one: { url: server.url } }), conversation: 'c' };
  const waiting = await place.servers.logins.begin('one', at, never);
  const callback = waiting.link.searchParams.get('redirect_uri') ?? '';
  const last = await browse(waiting.link, (url) => url.href.startsWith(callback));
  const hits = await Promise.all([fetch(last), fetch(last)]);
  const pages = await Promise.all(hits.map((hit) => hit.text()));
  expect(pages).toEqual(Array.from({ length: 2 }, () => expect.stringContaining('You are signed in')));
  await waiting.done;
  expect(home.grants.filter((grant) => grant.get('grant_type') === 'authorization_code')).toHaveLength(1);
});
