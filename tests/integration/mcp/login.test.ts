import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
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
const read = () => place.call(project, 'read');
const write = () => place.call(project, 'write');
const stateFile = () => join(place.folder, 'state', 'mcp-logins');
const states = async () => await place.servers.logins.stateOf('one', at());

async function signIn(): Promise<string> {
  const waiting = await place.servers.logins.begin('one', at(), never);
  const page = await browse(waiting.link);
  await waiting.done;
  return page;
}

beforeEach(async () => {
  time = Date.now();
  home = await authorizationServer();
  server = await protectedFixture(home);
  place = poolPlace({ date: () => new Date(time) });
  project = place.project({ one: { url: server.url } });
});

afterEach(async () => {
  await place.close();
  await server.close();
  await home.close();
});

describe('a login', () => {
  test('is told to be missing, made with a browser, and used from then on [MCP-4]', async () => {
    const missing =
      'MCP server "one" wants you to sign in: `codex-plus mcp login one` does, or `/mcp auth one` in a conversation';
    await expect(read()).rejects.toMatchObject({ kind: 'login', message: missing });
    expect(await states()).toEqual({ isSignedIn: false, wants: 'login', scope: 'mcp:read' });
    expect(home.requests.filter((request) => request.startsWith('POST'))).toEqual([]);
    expect(await signIn()).toBe('You are signed in at MCP server "one". You can close this page.\n');
    expect(await read()).toBe('did read');
    expect(await states()).toEqual({ isSignedIn: true, wants: undefined, scope: 'mcp:read' });
    expect(place.outcomes).toEqual(['login', 'ok']);
  });

  test('is kept for its owner alone, and shared by all our processes [MCP-4]', async () => {
    await signIn();
    expect(await read()).toBe('did read');
    const [file = ''] = readdirSync(stateFile()).filter((name) => name.endsWith('.json'));
    expect(statSync(join(stateFile(), file)).mode & 0o777).toBe(0o600);
    const token = server.tokens.at(-1) ?? '';
    expect(readFileSync(join(stateFile(), file), 'utf8')).toContain(token);
    expect(JSON.stringify(place.lines)).not.toContain(token);
    const other = poolPlace({ stateDir: join(place.folder, 'state') });
    expect(await other.call(project, 'read')).toBe('did read');
    await other.close();
  });

  test('asks for the rights that are missing, and keeps those there are [MCP-4]', async () => {
    await signIn();
    await expect(write()).rejects.toThrow(
      'MCP server "one" wants you to sign in with more rights (mcp:write): `codex-plus mcp login one` does, or `/mcp auth one` in a conversation',
    );
    expect(await states()).toEqual({ isSignedIn: true, wants: 'scope', scope: 'mcp:read mcp:write' });
    expect(await read()).toBe('did read');
    await signIn();
    expect(await write()).toBe('did write');
    expect(await states()).toMatchObject({ wants: undefined, scope: 'mcp:read mcp:write' });
  });

  test('registers once for all logins, and proves with PKCE for which server they are [MCP-4]', async () => {
    await signIn();
    await signIn();
    expect(home.requests.filter((request) => request === 'POST /reg')).toHaveLength(1);
    expect(home.grants.map((form) => Object.fromEntries(form))).toEqual(
      Array.from({ length: 2 }, () => ({
        grant_type: 'authorization_code',
        code: expect.any(String),
        code_verifier: expect.stringMatching(/^.{43,}$/),
        redirect_uri: expect.stringMatching(/^http:\/\/localhost:\d+\/callback$/),
        resource: server.url,
        client_id: expect.any(String),
      })),
    );
  });

  test('takes no answer but its own [MCP-4]', async () => {
    const waiting = await place.servers.logins.begin('one', at(), never);
    const callback = waiting.link.searchParams.get('redirect_uri') ?? '';
    const statuses = await Promise.all(
      ['?code=x&state=wrong', '?code=x', '/../else'].map(async (end) => (await fetch(callback + end)).status),
    );
    expect(statuses).toEqual([400, 400, 404]);
    await browse(waiting.link);
    await waiting.done;
    // It listens no more.
    await expect(fetch(callback)).rejects.toThrow();
  });

  test('is told to have failed where the user says no [MCP-4]', async () => {
    const waiting = await place.servers.logins.begin('one', at(), never);
    const { searchParams } = waiting.link;
    const [callback, state] = [searchParams.get('redirect_uri') ?? '', searchParams.get('state') ?? ''];
    const answer = new URLSearchParams({
      error: 'access_denied',
      error_description: 'no\u001b[1m!',
      state,
      iss: home.issuer,
    });
    const page = await fetch(`${callback}?${answer.toString()}`);
    expect([page.status, await page.text()]).toEqual([
      400,
      expect.stringContaining('the login at MCP server "one" failed: no'),
    ]);
    await expect(waiting.done).rejects.toThrow('the login at MCP server "one" failed: no\\u{1b}[1m!');
    await expect(read()).rejects.toMatchObject({ kind: 'login' });
  });

  test('takes the address that a browser elsewhere was sent to [MCP-4]', async () => {
    const waiting = await place.servers.logins.begin('one', at(), never);
    const callback = new URL(waiting.link.searchParams.get('redirect_uri') ?? '');
    const answer = await browse(waiting.link, ({ host }) => host === callback.host);
    await expect(waiting.finish('http://localhost/?code=x')).rejects.toThrow('not the address');
    await (await place.servers.logins.waiting('one', at()))?.finish(answer);
    expect(await read()).toBe('did read');
  });

  test('that is given up while its link is made waits for nobody [MCP-4]', async () => {
    const given = new AbortController();
    const other = await authorizationServer({
      onRequest: () => {
        given.abort();
      },
    });
    server.move(other);
    const begun = place.servers.logins.begin('one', at(), given.signal);
    await expect(begun).rejects.toThrow('the login at MCP server "one" was given up');
    expect(await place.servers.logins.waiting('one', at())).toBeUndefined();
    await other.close();
  });

  test('is not waited for where the authorization server goes on and on [MCP-4]', async () => {
    home.describeEndlessly();
    await expect(signIn()).rejects.toThrow('it sent more than 262144 bytes at once');
  });

  test('that is made anew opens a new connection; one that ended is told [MCP-4]', async () => {
    await signIn();
    expect(await read()).toBe('did read');
    expect(await place.servers.logins.end('one', at())).toEqual({ notTaken: undefined });
    expect(home.requests).toContain('POST /token/revocation');
    await expect(read()).rejects.toMatchObject({ kind: 'login' });
    expect(await place.servers.logins.end('one', at())).toBeUndefined();
    await signIn();
    expect(await read()).toBe('did read');
  });

  test('ends the rest of a server that failed for want of it, at once [MCP-4] [MCP-5]', async () => {
    for (let times = 0; times < 3; times += 1) await expect(read()).rejects.toMatchObject({ kind: 'login' });
    await expect(read()).rejects.toMatchObject({ kind: 'resting' });
    await signIn();
    expect(await read()).toBe('did read');
  });
});
describe('a token', () => {
  const renewals = () => home.grants.filter((form) => form.get('grant_type') === 'refresh_token');

  test('is renewed before it ends, once for all who wait [MCP-4]', async () => {
    await signIn();
    await read();
    time += 3_550_000;
    const other = poolPlace({ stateDir: join(place.folder, 'state'), date: () => new Date(time) });
    const answers = await Promise.all([
      read(),
      read(),
      read(),
      other.call(project, 'read'),
      other.call(project, 'read'),
    ]);
    expect(answers).toEqual(Array.from({ length: 5 }, () => 'did read'));
    expect(renewals()).toHaveLength(1);
    await other.close();
  });

  test('that a server forgot is renewed [MCP-4]', async () => {
    await signIn();
    await read();
    server.forgetTokens();
    expect(await read()).toBe('did read');
    expect(renewals()).toHaveLength(1);
    expect(await states()).toMatchObject({ isSignedIn: true, wants: undefined });
    // Nor does one that was good for a while end the login.
    server.forgetTokens();
    expect(await read()).toBe('did read');
    expect(renewals()).toHaveLength(2);
  });

  test('that cannot be renewed any more is told with what to do [MCP-4]', async () => {
    await signIn();
    await read();
    time += 3_600_000;
    home.refuse(400, 'invalid_grant');
    const message =
      'your login at MCP server "one" has ended: you have to sign in again: `codex-plus mcp login one` does, or `/mcp auth one` in a conversation';
    await expect(read()).rejects.toMatchObject({ kind: 'login', message });
    expect(await states()).toEqual({ isSignedIn: false, wants: 'expired', scope: 'mcp:read' });
    await expect(read()).rejects.toMatchObject({ kind: 'login', message });
    expect(renewals()).toHaveLength(1);
  });

  test('is used to its end while it cannot be renewed, and the login stays [MCP-4]', async () => {
    await signIn();
    await read();
    time += 3_550_000;
    home.refuse(503, 'temporarily_unavailable');
    expect(await read()).toBe('did read');
    time += 60_000;
    await expect(read()).rejects.toThrow('its login could not be renewed');
    expect(await states()).toMatchObject({ isSignedIn: true });
  });

  test('goes to no authorization server but the one it is from [MCP-4]', async () => {
    const other = await authorizationServer();
    await signIn();
    await read();
    server.move(other);
    await expect(read()).rejects.toMatchObject({ kind: 'login' });
    expect(other.grants).toEqual([]);
    await signIn();
    expect(await read()).toBe('did read');
    expect(other.requests.filter((request) => request === 'POST /reg')).toHaveLength(1);
    await other.close();
  });
});

describe('a program', () => {
  const clientSecret = 'a secret of thirty-two characters';
  const clients = [
    {
      ...{ client_id: 'robot', client_secret: clientSecret, grant_types: ['client_credentials'] },
      ...{ redirect_uris: [], response_types: [] },
    },
  ];

  test('signs in by itself, gets the rights that a call needs, and renews its token [MCP-4]', async () => {
    const [robots, other] = [await authorizationServer({ clients }), await authorizationServer()];
    const guarded = await protectedFixture(robots);
    const oauth = { grant: 'client_credentials', clientId: 'robot', clientSecret };
    project = place.project({ one: { url: guarded.url, oauth } });
    expect(await read()).toBe('did read');
    expect(await write()).toBe('did write');
    expect(robots.grants.map((form) => [form.get('grant_type'), form.get('scope')])).toEqual([
      ['client_credentials', 'mcp:read'],
      ['client_credentials', 'mcp:read mcp:write'],
    ]);
    time += 3_600_000;
    expect(await Promise.all([write(), read()])).toEqual(['did write', 'did read']);
    expect(robots.grants).toHaveLength(3);
    expect(place.lines.filter(({ level }) => level === 'warn')).toMatchObject([
      { server: 'one', scope: 'mcp:read mcp:write' },
    ]);
    // Its secret is for the authorization server that it was good at.
    guarded.move(other);
    await expect(read()).rejects.toMatchObject({ message: expect.stringContaining(other.issuer) });
    expect(other.requests.filter((request) => request.startsWith('POST'))).toEqual([]);
    await expect(place.servers.logins.begin('one', at(), never)).rejects.toThrow(
      'is signed in at by us alone',
    );
    for (const one of [guarded, robots, other]) await one.close();
  });

  test('asks for no other rights than those of its entry, whatever a server wants [MCP-4]', async () => {
    const robots = await authorizationServer({ clients });
    const guarded = await protectedFixture(robots);
    const oauth = { grant: 'client_credentials', clientId: 'robot', clientSecret, scopes: ['mcp:read'] };
    project = place.project({ one: { url: guarded.url, oauth } });
    expect(await read()).toBe('did read');
    await expect(write()).rejects.toMatchObject({
      kind: 'login',
      message: 'MCP server "one" wants rights that `oauth.scopes` of its entry leave out: mcp:write',
    });
    time += 3_600_000;
    expect(await read()).toBe('did read');
    expect(robots.grants.map((form) => form.get('scope'))).toEqual(['mcp:read', 'mcp:read']);
    for (const one of [guarded, robots]) await one.close();
  });

  test('keeps its secret for the authorization server that it was good at, after a logout as well [MCP-4]', async () => {
    const [robots, other] = [await authorizationServer({ clients }), await authorizationServer({ clients })];
    const guarded = await protectedFixture(robots);
    const oauth = { grant: 'client_credentials', clientId: 'robot', clientSecret };
    project = place.project({ one: { url: guarded.url, oauth } });
    expect(await read()).toBe('did read');
    expect(await place.servers.logins.end('one', at())).toEqual({ notTaken: undefined });
    guarded.move(other);
    await expect(read()).rejects.toMatchObject({ message: expect.stringContaining(other.issuer) });
    expect(other.grants).toEqual([]);
    // Where its user names the other one, it is good there.
    project = place.project({ one: { url: guarded.url, oauth: { ...oauth, issuer: other.issuer } } });
    expect(await read()).toBe('did read');
    for (const one of [guarded, robots, other]) await one.close();
  });
});
