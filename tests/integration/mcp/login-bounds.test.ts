import { afterEach, expect, test } from '@jest/globals';
import type { ProjectSnapshot } from '../../../middleware/platform/config/scopes/project-snapshot.ts';
import { authorizationServer, type AuthorizationServer } from '../../support/mcp/authorization-server.ts';
import { browse } from '../../support/mcp/browse.ts';
import { poolPlace, type PoolPlace } from '../../support/mcp/pool-place.ts';
import { protectedFixture, type ProtectedFixture } from '../../support/mcp/protected-fixture.ts';

let home: AuthorizationServer;
let server: ProtectedFixture;
let place: PoolPlace;
let project: ProjectSnapshot;
let time: number;

const never = new AbortController().signal;
const at = () => ({ project, conversation: 'c' });

async function open(options?: Parameters<typeof authorizationServer>[0]): Promise<void> {
  time = Date.now();
  home = await authorizationServer(options);
  server = await protectedFixture(home);
  place = poolPlace({ date: () => new Date(time) });
  project = place.project({ one: { url: server.url } });
}

async function signIn(): Promise<URL> {
  const waiting = await place.servers.logins.begin('one', at(), never);
  await browse(waiting.link);
  await waiting.done;
  return waiting.link;
}

const read = () => place.call(project, 'read');

afterEach(async () => {
  await place.close();
  await server.close();
  await home.close();
});

test('a login with too few rights for some calls is good for the others [MCP-4] [MCP-5]', async () => {
  await open();
  await signIn();
  for (let times = 0; times < 4; times += 1)
    await expect(place.call(project, 'write')).rejects.toMatchObject({ kind: 'login' });
  expect(await read()).toBe('did read');
});

test('a token that is good for a minute is used for most of it [MCP-4]', async () => {
  await open({ accessTokenSeconds: 60 });
  const renewals = () => home.grants.filter((form) => form.get('grant_type') === 'refresh_token');
  await signIn();
  for (let times = 0; times < 3; times += 1) await read();
  expect(renewals()).toHaveLength(0);
  time += 50_000;
  for (let times = 0; times < 3; times += 1) await read();
  expect(renewals()).toHaveLength(1);
});

const clientOf = (link: URL): string | null => link.searchParams.get('client_id');

test('a client that the authorization server forgot is registered anew with the next login [MCP-4]', async () => {
  await open();
  const before = clientOf(await signIn());
  await read();
  time += 3_600_000;
  home.refuse(401, 'invalid_client');
  await expect(read()).rejects.toMatchObject({ kind: 'login' });
  const next = await place.servers.logins.begin('one', at(), never);
  next.cancel();
  expect([before, clientOf(next.link)]).toEqual([
    expect.any(String),
    expect.not.stringMatching(`^${before ?? ''}$`),
  ]);
});

test('a client that is refused when a login comes back is registered anew as well [MCP-4]', async () => {
  await open();
  await signIn();
  home.refuse(401, 'invalid_client');
  const waiting = await place.servers.logins.begin('one', at(), never);
  const failed = expect(waiting.done).rejects.toThrow();
  await browse(waiting.link);
  await failed;
  const next = await place.servers.logins.begin('one', at(), never);
  next.cancel();
  expect(clientOf(next.link)).not.toBe(clientOf(waiting.link));
});

test('nobody is sent to an authorization server that does not say that it has PKCE [MCP-4] [SEC-3]', async () => {
  await open({ hasPkce: false });
  await expect(place.servers.logins.begin('one', at(), never)).rejects.toThrow(
    'does not say that it has PKCE',
  );
});
