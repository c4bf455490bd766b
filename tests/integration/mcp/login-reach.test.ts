import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { promisify } from 'node:util';
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
    Promise.resolve([name === 'mcp.example' ? '93.184.215.5' : '127.0.0.1']);
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

describe('an authorization server by a name', () => {
  const reach = (url: string, resolve: (name: string) => Promise<readonly string[]>): LoginReach =>
    new LoginReach({ name: 'one', url, oauth: undefined }, resolve);

  test('is connected to at the address that was looked at [MCP-4] [SEC-1]', async () => {
    place = poolPlace();
    const { origin, requests } = await serving((_req, res) => res.writeHead(200).end('metadata'));
    const { port } = new URL(origin);
    const text = await reach('http://127.0.0.1:1/mcp', () => Promise.resolve(['127.0.0.1'])).within(
      async (fetchFn) => (await fetchFn(`http://auth.example:${port}/token`)).text(),
    );
    expect([text, requests]).toEqual(['metadata', ['GET /token']]);
  });

  test('whose address is another one by then is looked at again, and nothing is sent to this machine [MCP-4] [SEC-1]', async () => {
    place = poolPlace();
    let connections = 0;
    const server = createTcpServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    closing.push(async () => {
      await once(server.close(), 'close');
    });
    const { port } = server.address() as AddressInfo;
    let isFirst = true;
    const resolve = (name: string): Promise<readonly string[]> => {
      const outside = name === 'mcp.example' || isFirst;
      if (name !== 'mcp.example') isFirst = false;
      return Promise.resolve([outside ? '93.184.215.5' : '127.0.0.1']);
    };
    const asked = reach('https://mcp.example/mcp', resolve).within((fetchFn) =>
      fetchFn(`https://auth.example:${port}/token`, { method: 'POST', body: 'secret' }),
    );
    await expect(asked).rejects.toThrow('which is this machine');
    expect(connections).toBe(0);
  });

  test('is left to the proxy where all calls go through one [MCP-4]', async () => {
    place = poolPlace();
    const asked: string[] = [];
    const proxy = createServer();
    proxy.on('connect', ({ url }, socket) => {
      asked.push(url ?? '');
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    });
    await once(proxy.listen(0, '127.0.0.1'), 'listening');
    closing.push(async () => {
      await once(proxy.close(), 'close');
    });
    const file = new URL('../../../middleware/features/mcp/login/login-reach.ts', import.meta.url);
    const script = `
      const { LoginReach } = await import(${JSON.stringify(file.href)});
      const reach = new LoginReach({ name: 'one', url: 'https://mcp.invalid/mcp' });
      await reach.within((fetchFn) => fetchFn('https://mcp.invalid/token')).catch(() => undefined);`;
    const { port } = proxy.address() as AddressInfo;
    const env = {
      ...process.env,
      NODE_USE_ENV_PROXY: '1',
      HTTPS_PROXY: `http://127.0.0.1:${port}`,
      NO_PROXY: '',
    };
    await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { env });
    expect(asked).toEqual(['mcp.invalid:443']);
  });
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
