import { describe, expect, test } from '@jest/globals';
import { LoginReach } from '../../../middleware/features/mcp/login/login-reach.ts';
import { readOAuthSettings } from '../../../middleware/features/mcp/login/oauth-settings.ts';

const addresses: Readonly<Record<string, readonly string[]>> = {
  'mcp.example': ['93.184.215.5', '2606:4700::5'],
  'auth.example': ['93.184.215.6'],
  'inside.example': ['93.184.215.7', '127.0.0.1'],
  'mapped.example': ['::ffff:10.0.0.7'],
  'mcp.corp': ['10.1.2.3'],
  'auth.corp': ['10.1.2.4', 'fd12::4'],
  'both.example': ['93.184.215.8', '10.1.2.5'],
};

function resolve(name: string): Promise<readonly string[]> {
  const found = addresses[name];
  return found === undefined ? Promise.reject(new Error('ENOTFOUND')) : Promise.resolve(found);
}

function reach(url: string, oauth: object = {}): LoginReach {
  const settings = readOAuthSettings(oauth, (fault) => new Error(fault));
  return new LoginReach({ name: 'one', url, oauth: settings }, resolve);
}

describe('a login at a server of the public network', () => {
  const server = 'https://mcp.example/mcp';

  test.each(['https://auth.example/token', 'https://mcp.example:8443/', 'https://not-known-here.example/'])(
    'may lead to %s [MCP-4] [SEC-1]',
    async (url) => {
      await expect(reach(server).assertMayReach(new URL(url))).resolves.toBeUndefined();
    },
  );

  test.each([
    ['https://127.0.0.1:8080/', 'which is this machine'],
    ['http://localhost:3000/', 'which is this machine'],
    ['https://a.localhost/', 'which is this machine'],
    ['https://2130706433/', 'which is this machine'],
    ['https://0.0.0.0/', 'which is this machine'],
    ['https://[::1]/', 'which is this machine'],
    ['https://[::ffff:127.0.0.1]/', 'which is this machine'],
    ['https://inside.example/', 'which is this machine'],
    ['https://10.0.0.1/', 'which is in a private network'],
    ['https://192.168.1.1/', 'which is in a private network'],
    ['https://[fd12::1]/', 'which is in a private network'],
    ['https://mapped.example/', 'which is in a private network'],
    ['https://auth.corp./', 'which is in a private network'],
    ['https://169.254.169.254/', 'an address that only this machine has a way to'],
    ['https://[fe80::1]/', 'an address that only this machine has a way to'],
    ['http://auth.example/', 'which is not reached over https'],
  ])('does not lead to %s, %s [MCP-4] [SEC-1]', async (url, why) => {
    await expect(reach(server).assertMayReach(new URL(url))).rejects.toThrow(why);
  });

  test('may lead to the issuer that its user names, wherever that is [MCP-4] [SEC-1]', async () => {
    const named = reach(server, { issuer: 'https://auth.corp/' });
    await expect(named.assertMayReach(new URL('https://auth.corp/token'))).resolves.toBeUndefined();
    await expect(named.assertMayReach(new URL('https://10.0.0.1/'))).rejects.toThrow('`oauth.issuer`');
  });
});

describe('a login at a server elsewhere', () => {
  test.each([
    ['http://127.0.0.1:8000/mcp', 'http://127.0.0.1:9000/'],
    ['http://localhost:8000/mcp', 'https://10.0.0.1/'],
    ['https://mcp.corp/mcp', 'https://auth.corp/'],
    ['http://mcp.corp/mcp', 'http://mcp.corp/.well-known/oauth-authorization-server'],
    ['http://169.254.1.1/mcp', 'https://169.254.1.2/'],
  ])('at %s may lead to %s [MCP-4] [SEC-1]', async (server, url) => {
    await expect(reach(server).assertMayReach(new URL(url))).resolves.toBeUndefined();
  });

  test.each([
    ['http://127.0.0.1:8000/mcp', 'https://169.254.169.254/'],
    ['https://mcp.corp/mcp', 'https://169.254.169.254/'],
    ['https://both.example/mcp', 'https://10.0.0.1/'],
    ['https://not-known-here.example/mcp', 'https://10.0.0.1/'],
  ])('at %s does not lead to %s [MCP-4] [SEC-1]', async (server, url) => {
    await expect(reach(server).assertMayReach(new URL(url))).rejects.toThrow('leads to');
  });
});

test.each([
  ['https://moved.example/mcp', '93.184.215.9', '127.0.0.1'],
  ['https://deeper.example/mcp', '10.0.0.9', '127.0.0.1'],
])(
  'a login at %s, whose name meant %s at first and means %s now, leads to no such address [MCP-4] [SEC-1]',
  async (server, first, now) => {
    let own = first;
    const { hostname } = new URL(server);
    const look = (url: string): Promise<void> =>
      new LoginReach({ name: 'one', url: server, oauth: undefined }, (name) =>
        Promise.resolve([name === hostname ? own : '93.184.215.6']),
      ).assertMayReach(new URL(url));
    await look(`https://${hostname}/register`);
    own = now;
    await expect(look(`https://${hostname}/admin`)).rejects.toThrow('which is this machine');
    await expect(look('https://auth.example/')).resolves.toBeUndefined();
    if (first === '93.184.215.9')
      await expect(look('http://127.0.0.1:6379/')).rejects.toThrow('not there itself');
  },
);

test('a secret goes to the origin of its server, or to the issuer that its user names [MCP-4] [SEC-3]', () => {
  const server = 'https://mcp.example/mcp';
  const own = (issuer: string, oauth?: object) => () => {
    reach(server, oauth).assertOwnIssuer(issuer);
  };
  expect(own('https://mcp.example/')).not.toThrow();
  expect(own('https://auth.example/', { issuer: 'https://auth.example/' })).not.toThrow();
  expect(own('https://auth.example/')).toThrow('write `"issuer": "https://auth.example/"` into `oauth`');
  expect(own('https://mcp.example:444/')).toThrow('wants the client secret to be sent to');
  expect(own('http://127.0.0.1/')).toThrow('wants the client secret to be sent to');
});
