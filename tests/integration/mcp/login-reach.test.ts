import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { LoginReach } from '../../../middleware/features/mcp/login/login-reach.ts';
import { poolPlace, type PoolPlace } from '../../support/mcp/pool-place.ts';
import { onLinux } from '../../support/sandbox-fixture.ts';

let place: PoolPlace;
const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  await place.close();
  for (const close of closing.splice(0)) await close();
});

type Serve = (req: IncomingMessage, res: ServerResponse, origin: string) => void;

/** A server, with the paths that it was asked for. */
async function serving(serve: Serve, at = '127.0.0.1'): Promise<{ origin: string; requests: string[] }> {
  const requests: string[] = [];
  const server = createServer((req, res) => {
    requests.push(`${req.method ?? ''} ${req.url ?? ''}`);
    serve(req, res, origin);
  });
  await once(server.listen(0, at), 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  closing.push(async () => {
    const end = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await end;
  });
  return { origin, requests };
}

/** An MCP server that names where to sign in. */
function naming(issuer: string, metadata?: (origin: string) => object): Serve {
  return (req, res, origin) => {
    const json = (value: object): void => {
      res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    };
    if (req.url?.startsWith('/.well-known/oauth-protected-resource') === true)
      json({ resource: `${origin}/mcp`, authorization_servers: [issuer === '' ? origin : issuer] });
    else if (
      req.url?.startsWith('/.well-known/oauth-authorization-server') === true &&
      metadata !== undefined
    )
      json(metadata(origin));
    else res.writeHead(req.url === '/mcp' ? 401 : 404, { 'www-authenticate': 'Bearer' }).end();
  };
}

const begin = (url: string): Promise<unknown> => {
  place = poolPlace();
  const at = { project: place.project({ one: { url: `${url}/mcp` } }), conversation: 'c' };
  return place.servers.logins.begin('one', at, new AbortController().signal);
};

const inside = 'http://169.254.169.254';
const refused = 'an address that only this machine has a way to';

describe('a server that leads a login to the metadata of a cloud', () => {
  test('as its authorization server is refused, and nothing is asked there [MCP-4] [SEC-1]', async () => {
    const { origin } = await serving(naming('https://169.254.169.254/'));
    await expect(begin(origin)).rejects.toThrow(refused);
  });

  test.each(['authorization_endpoint', 'registration_endpoint'])(
    'as its %s is refused [MCP-4] [SEC-1]',
    async (member) => {
      const metadata = (issuer: string): object => ({
        ...{ issuer, authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token` },
        ...{ response_types_supported: ['code'], registration_endpoint: `${issuer}/register` },
        code_challenge_methods_supported: ['S256'],
        [member]: `${inside.replace('http:', 'https:')}/latest`,
      });
      const { origin } = await serving((req, res, own) => {
        if (req.url !== '/register') naming('', metadata)(req, res, own);
        else {
          res.writeHead(201, { 'content-type': 'application/json' });
          res.end(JSON.stringify({ client_id: 'c', redirect_uris: ['http://localhost/callback'] }));
        }
      });
      await expect(begin(origin)).rejects.toThrow(refused);
    },
  );

  test('by the header of its refusal is refused [MCP-4] [SEC-1]', async () => {
    const challenge = `Bearer resource_metadata="${inside}/latest"`;
    const { origin } = await serving((_req, res) => {
      res.writeHead(401, { 'www-authenticate': challenge }).end();
    });
    await expect(begin(origin)).rejects.toThrow(/leads to http:\/\/169\.254\.169\.254/);
  });
});

test('a server of the public network has nothing asked on this machine, by a name neither [MCP-4] [SEC-1]', async () => {
  place = poolPlace();
  const { origin, requests } = await serving((_req, res) => res.writeHead(200).end('secret'));
  const { port } = new URL(origin);
  const resolve = (name: string): Promise<readonly string[]> =>
    Promise.resolve([name === 'mcp.example' ? '203.0.113.5' : '127.0.0.1']);
  const reach = new LoginReach({ name: 'one', url: 'https://mcp.example/mcp', oauth: undefined }, resolve);
  for (const host of ['127.0.0.1', 'localhost', 'inside.example']) {
    const asked = reach.within((fetchFn) => fetchFn(`http://${host}:${port}/latest`));
    await expect(asked).rejects.toThrow('is not there itself');
  }
  // Whatever the SDK makes of it, it is told.
  const passedOver = reach.within((fetchFn) => fetchFn(`${origin}/latest`).catch(() => undefined));
  await expect(passedOver).rejects.toThrow('is not there itself');
  expect(requests).toEqual([]);
});

// All of 127.0.0.0/8 is this machine there.
onLinux('the secret of a program is not sent where its server alone says [MCP-4] [SEC-3]', async () => {
  place = poolPlace();
  const { origin, requests } = await serving((req, res, own) => {
    naming(own.replace('127.0.0.1', '127.0.0.2'))(req, res, own);
  }, '0.0.0.0');
  const issuer = origin.replace('127.0.0.1', '127.0.0.2');
  const oauth = { grant: 'client_credentials', clientId: 'robot', clientSecret: 'a secret of ours' };
  const project = place.project({ one: { url: `${origin}/mcp`, oauth } });
  await expect(place.call(project, 'read')).rejects.toThrow(
    `wants the client secret to be sent to ${issuer}: write \`"issuer": "${issuer}"\` into \`oauth\` of its entry`,
  );
  expect(requests).not.toContain('POST /token');
});
