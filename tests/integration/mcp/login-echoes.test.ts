import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from '@jest/globals';
import { logWarnings } from '../../../middleware/platform/telemetry/log-warnings.ts';
import { poolPlace, type PoolPlace } from '../../support/mcp/pool-place.ts';

let place: PoolPlace;
let server: Server;
const { warn } = console;

afterEach(async () => {
  Object.assign(console, { warn });
  await place.close();
  server.closeAllConnections();
  server.close();
});

interface Echo {
  readonly status: number;
  readonly error: string;
  /** All of its answer, in the place of JSON. */
  readonly says?: (code: string) => string;
  /** Where it has users sign in. */
  readonly page?: (origin: string) => string;
}

/** Servers whose authorization server gives back whatever its token endpoint is sent; with what that was. */
async function echoing({ status, error, says, page = (origin) => `${origin}/page` }: Echo) {
  const sent: string[] = [];
  server = createServer((req, res) => {
    void (async () => {
      const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const said = await text(req);
      const json = (code: number, value: object): void => {
        const type = { 'content-type': 'application/json', 'www-authenticate': 'Bearer' };
        res.writeHead(code, type).end(JSON.stringify(value));
      };
      const path = req.url ?? '';
      if (path.includes('oauth-protected-resource'))
        json(200, { resource: `${origin}/mcp`, authorization_servers: [origin] });
      else if (path.includes('oauth-authorization-server'))
        json(200, {
          ...{ issuer: origin, authorization_endpoint: page(origin), token_endpoint: `${origin}/token` },
          ...{ registration_endpoint: `${origin}/register`, response_types_supported: ['code'] },
          ...{ code_challenge_methods_supported: ['S256'] },
          token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic', 'none'],
        });
      else if (path === '/register') json(201, { client_id: 'cid', ...(JSON.parse(said) as object) });
      else if (path === '/token') {
        const basic = (req.headers.authorization ?? '').replace('Basic ', '');
        const all = [said, decodeURIComponent(said), basic, Buffer.from(basic, 'base64').toString()];
        sent.push(all.join(' '));
        const code = new URLSearchParams(said).get('code') ?? '';
        if (says !== undefined) res.writeHead(status, { 'content-type': 'application/json' }).end(says(code));
        else json(status, { error, error_description: `bad request: ${all.join(' ')}` });
      } else json(path === '/mcp' ? 401 : 404, {});
    })();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  place = poolPlace();
  logWarnings(console, { warn: (message, fields) => warnings.push(JSON.stringify([message, fields])) });
  const warnings: string[] = [];
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`, sent, warnings };
}

const secret = 'client+secret/of "ours"=0123456789';
const never = new AbortController().signal;

describe('what an authorization server gives back', () => {
  test.each([
    [401, 'invalid_client'],
    [400, 'invalid_grant'],
    [400, 'unauthorized_client'],
    [500, 'server_error'],
  ])(
    'of the credentials of a program, with %i and %s, is told to nobody [MCP-4] [SEC-3]',
    async (status, error) => {
      const { url, sent, warnings } = await echoing({ status, error });
      const oauth = { grant: 'client_credentials', clientId: 'program', clientSecret: secret };
      const project = place.project({ one: { url, oauth } });
      const failure = await place.call(project, 'any').catch(String);
      expect(sent.join()).toContain(secret);
      const told = JSON.stringify([failure, place.lines, warnings]);
      // However it is written.
      expect(told).not.toContain('0123456789');
      expect(told).not.toContain(Buffer.from(`program:${encodeURIComponent(secret)}`).toString('base64'));
    },
  );

  /** What a user whose browser came back with a code is told, and all that is logged. */
  async function afterBrowser({ url, warnings }: Awaited<ReturnType<typeof echoing>>, code: string) {
    const project = place.project({ one: { url } });
    const { link, done } = await place.servers.logins.begin('one', { project, conversation: 'c' }, never);
    const failed = done.catch(String);
    const back = new URL(link.searchParams.get('redirect_uri') ?? '');
    back.searchParams.set('code', code);
    back.searchParams.set('state', link.searchParams.get('state') ?? '');
    const page = await (await fetch(back)).text();
    return JSON.stringify([page, await failed, place.lines, warnings]);
  }

  test('of the answer of a browser is told to nobody [MCP-4] [SEC-3]', async () => {
    const server = await echoing({ status: 400, error: 'invalid_grant' });
    const told = await afterBrowser(server, 'the-code-of-the-user');
    const verifier = /code_verifier=([^& ]+)/.exec(server.sent.join())?.[1] ?? '';
    expect(verifier.length).toBeGreaterThan(40);
    expect(told).toContain('bad request');
    expect(told).not.toContain(verifier);
    expect(told).not.toContain('the-code-of-the-user');
  });

  test.each([200, 400, 503])(
    'of it is told to nobody where that is no JSON, with %i [MCP-4] [SEC-3]',
    async (status) => {
      const says = (code: string) => `no: ${code}`;
      const told = await afterBrowser(await echoing({ status, error: '', says }), 'the-code');
      expect(told).toContain('failed');
      expect(told).not.toContain('the-code');
    },
  );
});

test.each(['https://bank.example@evil.example/', 'https://:word@evil.example/'])(
  'nobody is sent to %s to sign in: it is a page of another host than it looks like [MCP-4] [SEC-3]',
  async (page) => {
    const { url } = await echoing({ status: 400, error: 'invalid_grant', page: () => page });
    const project = place.project({ one: { url } });
    await expect(place.servers.logins.begin('one', { project, conversation: 'c' }, never)).rejects.toThrow(
      'MCP server "one" wants a page to be opened that has a user name before its host',
    );
  },
);
