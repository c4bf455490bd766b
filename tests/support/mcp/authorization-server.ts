import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Provider, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';

/** A real authorization server at which everybody is Ann, who says yes to all; with pages, its users say so. */
export interface AuthorizationServer {
  readonly issuer: string;
  /** The paths that were asked for, by their methods. */
  readonly requests: readonly string[];
  /** The forms that came to the token endpoint. */
  readonly grants: readonly URLSearchParams[];
  /** Whose token it is and what it is for; `undefined` for one that is not good here. */
  readonly check: (token: string, resource: string) => Promise<TokenFacts | undefined>;
  /** From now on its metadata goes on and on. */
  readonly describeEndlessly: () => void;
  /** From now on nothing is granted, with this error. */
  readonly refuse: (status: number, error: string) => void;
  readonly close: () => Promise<void>;
}

export interface TokenFacts {
  readonly client: string;
  readonly scopes: readonly string[];
}

interface Options {
  readonly clients?: Configuration['clients'];
  readonly accessTokenSeconds?: number;
  /** It has the pages of oidc-provider, which ask who somebody is and what is allowed; for a real browser. */
  readonly hasPages?: boolean;
  readonly onRequest?: () => void;
  /** Whether its metadata says that it proves with PKCE to whom it gives tokens. */
  readonly hasPkce?: boolean;
}

export async function authorizationServer({
  clients,
  accessTokenSeconds = 3_600,
  hasPages = false,
  onRequest = () => undefined,
  hasPkce = true,
}: Options = {}): Promise<AuthorizationServer> {
  const requests: string[] = [];
  const grants: URLSearchParams[] = [];
  let isEndless = false;
  let refusal: { readonly status: number; readonly error: string } | undefined;
  const server = createServer((req, res) => void serve(req, res));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = quietly(() => new Provider(issuer, configuration(clients, accessTokenSeconds, hasPages)));
  const note = ({ oidc }: KoaContextWithOIDC): void => {
    grants.push(new URLSearchParams(oidc.body as Record<string, string>));
  };
  provider.on('grant.success', note).on('grant.error', note);
  const handle = provider.callback();
  const describe = (res: ServerResponse): void => {
    if (isEndless) writeEndlessly(res);
    else writeMetadata(res, issuer);
  };
  const serve = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    onRequest();
    requests.push(`${req.method ?? ''} ${(req.url ?? '').split('?')[0] ?? ''}`);
    if ((isEndless || !hasPkce) && isForMetadata(req)) {
      describe(res);
      return;
    }
    if (req.url === '/token' && refusal !== undefined) {
      grants.push(new URLSearchParams(await text(req)));
      res.writeHead(refusal.status, { 'content-type': 'application/json' });
      res.end(JSON.stringify({ error: refusal.error }));
      return;
    }
    if (!hasPages && req.url?.startsWith('/interaction/') === true) await sayYes(provider, req, res);
    else await handle(req, res);
  };
  return {
    ...{ issuer, requests, grants },
    check: async (token, resource) => {
      const found =
        (await provider.AccessToken.find(token)) ?? (await provider.ClientCredentials.find(token));
      if (found?.aud !== resource) return undefined;
      return { client: found.clientId ?? '', scopes: (found.scope ?? '').split(' ') };
    },
    describeEndlessly: () => {
      isEndless = true;
    },
    refuse: (status, error) => {
      refusal = { status, error };
    },
    close: async () => {
      const end = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await end;
    },
  };
}

function isForMetadata({ url }: IncomingMessage): boolean {
  return url?.startsWith('/.well-known/') === true;
}

/** All that a login needs, and nothing more. */
function writeMetadata(res: ServerResponse, issuer: string): void {
  const metadata = {
    ...{ issuer, authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token` },
    ...{ registration_endpoint: `${issuer}/reg`, response_types_supported: ['code'] },
  };
  res.writeHead(200, { 'content-type': 'application/json' });
  res.end(JSON.stringify(metadata));
}

function configuration(clients: Configuration['clients'], seconds: number, hasPages: boolean): Configuration {
  return {
    ...(clients !== undefined && { clients }),
    scopes: ['openid', 'mcp:read', 'mcp:write'],
    cookies: { keys: ['made-up'] },
    findAccount: (_ctx, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    ...(!hasPages && { interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` } }),
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: true,
    pkce: { required: () => true },
    ttl: {
      ...{ AccessToken: seconds, ClientCredentials: seconds, RefreshToken: 86_400 },
      ...{ Grant: 86_400, Session: 86_400, Interaction: 600, AuthorizationCode: 60, IdToken: 60 },
    },
    features: {
      devInteractions: { enabled: hasPages },
      registration: { enabled: true },
      revocation: { enabled: true, allowedPolicy: () => true },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        getResourceServerInfo: (_ctx, resource) => ({
          scope: 'mcp:read mcp:write',
          audience: resource,
          accessTokenFormat: 'opaque',
        }),
      },
    },
  };
}

async function sayYes(provider: Provider, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const { prompt, params, session, grantId } = await provider.interactionDetails(req, res);
  if (prompt.name === 'login') {
    await provider.interactionFinished(req, res, { login: { accountId: 'ann' } });
    return;
  }
  const known = grantId === undefined ? undefined : await provider.Grant.find(grantId);
  const grant =
    known ??
    new provider.Grant({ accountId: session?.accountId ?? '', clientId: String(params['client_id']) });
  const { missingOIDCScope, missingResourceScopes } = prompt.details as {
    readonly missingOIDCScope?: readonly string[];
    readonly missingResourceScopes?: Readonly<Record<string, readonly string[]>>;
  };
  if (missingOIDCScope !== undefined) grant.addOIDCScope(missingOIDCScope.join(' '));
  for (const [resource, scopes] of Object.entries(missingResourceScopes ?? {}))
    grant.addResourceScope(resource, scopes.join(' '));
  const consent = { grantId: await grant.save() };
  await provider.interactionFinished(req, res, { consent }, { mergeWithLastSubmission: true });
}

function writeEndlessly(res: ServerResponse): void {
  const write = (): unknown => res.destroyed || res.write(`"${'x'.repeat(65_536)}",\n\n`, write);
  write();
}

/** It says of itself at length that it is not for production. */
function quietly<T>(make: () => T): T {
  const { warn, info } = console;
  Object.assign(console, { warn: () => undefined, info: () => undefined });
  try {
    return make();
  } finally {
    Object.assign(console, { warn, info });
  }
}
