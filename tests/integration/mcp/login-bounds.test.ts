import { afterEach, beforeEach, expect, test } from '@jest/globals';
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

beforeEach(() => open());

afterEach(close);

async function close(): Promise<void> {
  await place.close();
  await server.close();
  await home.close();
}

test('a login with too few rights for some calls is good for the others [MCP-4] [MCP-5]', async () => {
  await signIn();
  for (let times = 0; times < 4; times += 1)
    await expect(place.call(project, 'write')).rejects.toMatchObject({ kind: 'login' });
  expect(await place.call(project, 'read')).toBe('did read');
});
