import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { keptDiscovery } from '../../../middleware/features/mcp/login/kept-discovery.ts';
import { readOAuthSettings } from '../../../middleware/features/mcp/login/oauth-settings.ts';
import { revokeTokens } from '../../../middleware/features/mcp/login/revoke-tokens.ts';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';

const secret = 'kept to us';
const basic = `Basic ${btoa(`me:${secret}`)}`;

interface Seen {
  readonly headers: IncomingHttpHeaders;
  readonly form: Readonly<Record<string, string>>;
}

let server: Server;
let origin: string;
let seen: Seen[];
/** What is answered. */
let answer: readonly [status: number, body: string];

beforeEach(async () => {
  seen = [];
  answer = [200, ''];
  server = createServer((req, res) => {
    void text(req).then((body) => {
      seen.push({ headers: req.headers, form: Object.fromEntries(new URLSearchParams(body)) });
      res.writeHead(answer[0], { 'content-type': 'application/json' }).end(answer[1]);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  server.close();
});

interface Login {
  readonly metadata?: JsonObject;
  readonly oauth?: JsonObject;
  readonly client?: JsonObject & { readonly client_id: string };
}

const byHand = { clientId: 'me', clientSecret: secret };

/** Gives a login back, as it was kept. */
function revoke({ metadata = {}, oauth = byHand, client }: Login): Promise<string | undefined> {
  const settings = readOAuthSettings(oauth, (message) => new Error(message));
  const discovery = {
    authorizationServerUrl: origin,
    authorizationServerMetadata: {
      ...{
        issuer: origin,
        authorization_endpoint: `${origin}/authorize`,
        response_types_supported: ['code'],
      },
      ...{ token_endpoint: `${origin}/token`, revocation_endpoint: `${origin}/revoke`, ...metadata },
    },
  };
  return revokeTokens(
    { name: 'one', url: `${origin}/mcp`, oauth: settings },
    {
      tokens: { access_token: 'a', token_type: 'Bearer', refresh_token: 'r', issuer: origin },
      ...{ client, clientSecret: undefined, discovery: keptDiscovery(discovery) },
    },
  );
}

const [forTokens, forRevoking] = [
  'token_endpoint_auth_methods_supported',
  'revocation_endpoint_auth_methods_supported',
];
const inForm = { token: 'r', client_id: 'me', client_secret: secret };

test.each<readonly [string, Login, string | undefined, JsonObject]>([
  ['in its header', { metadata: { [forTokens]: ['client_secret_basic'] } }, basic, { token: 'r' }],
  ['in its header where nothing is said', {}, basic, { token: 'r' }],
  ['in its form', { metadata: { [forTokens]: ['client_secret_post'] } }, undefined, inForm],
  [
    'in its form where that is for revoking alone',
    { metadata: { [forTokens]: ['client_secret_basic'], [forRevoking]: ['client_secret_post'] } },
    undefined,
    inForm,
  ],
  [
    'in its header where that is for revoking alone',
    { metadata: { [forTokens]: ['client_secret_post'], [forRevoking]: ['client_secret_basic'] } },
    basic,
    { token: 'r' },
  ],
  [
    'as it was registered',
    {
      oauth: {},
      client: { client_id: 'me', client_secret: secret, token_endpoint_auth_method: 'client_secret_post' },
    },
    undefined,
    inForm,
  ],
  [
    'by its name alone',
    { oauth: {}, client: { client_id: 'me' } },
    undefined,
    { token: 'r', client_id: 'me' },
  ],
])('a client that gives a login back proves itself %s [MCP-4]', async (_, login, header, form) => {
  expect(await revoke(login)).toBeUndefined();
  expect(seen).toEqual([{ headers: expect.anything(), form }]);
  expect(seen[0]?.headers.authorization).toBe(header);
});

test('a client that has a key signs where it gives a login back [MCP-4]', async () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  const metadata = { [forTokens]: ['private_key_jwt'] };
  expect(await revoke({ metadata, oauth: { clientId: 'me', privateKey: pem } })).toBeUndefined();
  const { client_assertion: assertion = '', ...form } = seen[0]?.form ?? {};
  const [, claims = ''] = assertion.split('.');
  expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({ iss: 'me', sub: 'me' });
  expect(form).toMatchObject({ token: 'r', client_assertion_type: expect.stringContaining('jwt-bearer') });
});

test.each([
  ['{"error":"invalid_client"}', 401, 'it answered with status 401, invalid_client'],
  [`{"error":"${secret}"}`, 400, 'it answered with status 400'],
  ['later', 503, 'it answered with status 503'],
])('a login that is not taken back is told, without what was sent: %s [MCP-4]', async (body, status, why) => {
  answer = [status, body];
  expect(await revoke({})).toBe(why);
});

test('a login whose authorization server is gone is told as well [MCP-4]', async () => {
  server.close();
  await once(server, 'close');
  expect(await revoke({})).toContain('ECONNREFUSED');
});

test('a login that nobody takes back is forgotten without a word [MCP-4]', async () => {
  expect(await revoke({ metadata: { revocation_endpoint: undefined } })).toBeUndefined();
  expect(seen).toEqual([]);
});
