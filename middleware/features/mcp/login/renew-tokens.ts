import {
  auth,
  computeScopeUnion,
  OAuthError,
  refreshAuthorization,
  type AuthorizationServerMetadata,
  type FetchLike,
  type OAuthClientProvider,
  type StoredOAuthTokens,
} from '@modelcontextprotocol/client';
import type { OAuthSettings } from './oauth-settings.ts';
import { keptDiscovery } from './kept-discovery.ts';
import { clientMetadata, keyAuthentication, ownClient } from './login-client.ts';
import { LoginNeeded } from './login-needed.ts';
import type { LoginReach } from './login-reach.ts';
import type { LoginPlace } from './login-store.ts';
import type { LoginRecord } from './login-record.ts';
import type { TokenGrant } from './with-tokens.ts';

/**
 * Renews the tokens of a login where they are from. Rejects with a `LoginNeeded` where the login is over, and with
 * another error where it may work later.
 */
export async function renewTokens(
  record: LoginRecord,
  settings: OAuthSettings,
  fetchFn: FetchLike,
): Promise<StoredOAuthTokens> {
  const { tokens, discovery } = record;
  const client = ownClient(settings, record) ?? record.client;
  if (tokens?.refresh_token === undefined || discovery === undefined || client === undefined)
    throw new LoginNeeded('expired');
  try {
    const renewed = await refreshAuthorization(discovery.authorizationServerUrl, {
      ...metadataOf(record),
      clientInformation: client,
      refreshToken: tokens.refresh_token,
      ...resourceOf(record),
      ...keyAuthentication(settings),
      fetchFn,
    });
    // Where nothing is said of it, the scope is the same (RFC 6749, 6).
    return { ...renewed, scope: renewed.scope ?? tokens.scope, issuer: tokens.issuer };
  } catch (error) {
    if (error instanceof OAuthError && overCodes.has(error.code))
      throw new LoginNeeded('expired', { cause: error });
    throw error;
  }
}

/** Nothing that is tried again helps against these (RFC 6749, 5.2). */
const overCodes: ReadonlySet<string> = new Set([
  'invalid_grant',
  'invalid_client',
  'unauthorized_client',
  'unsupported_grant_type',
]);

function metadataOf({ discovery }: LoginRecord): { metadata?: AuthorizationServerMetadata } {
  const metadata = discovery?.authorizationServerMetadata;
  return metadata === undefined ? {} : { metadata };
}

function resourceOf({ discovery }: LoginRecord): { resource?: URL } {
  const resource = discovery?.resourceMetadata?.resource;
  return resource === undefined ? {} : { resource: new URL(resource) };
}

/** Where a program signs in. */
interface ProgramPlace extends Pick<LoginPlace, 'url'> {
  readonly oauth: OAuthSettings;
}

/** Signs in as a program: gets a token for the client's own credentials. */
export async function clientToken(
  { url, oauth: settings }: ProgramPlace,
  record: LoginRecord,
  reach: LoginReach,
): Promise<TokenGrant> {
  let granted: TokenGrant | undefined;
  let discovery: LoginRecord['discovery'];
  const { challenge } = record;
  // One that they were good at before is the only one that gets them.
  const isNew = (record.clientIssuer ?? record.tokens?.issuer) === undefined;
  const provider: OAuthClientProvider = {
    redirectUrl: undefined,
    clientMetadata: clientMetadata(undefined, settings),
    clientInformation: () => ownClient(settings, record),
    tokens: () => undefined,
    saveTokens: (tokens) => {
      granted = { tokens, client: undefined, discovery: discovery && keptDiscovery(discovery) };
    },
    saveDiscoveryState: (state) => {
      const { issuer } = state.authorizationServerMetadata ?? {};
      if (settings.clientSecret !== undefined && isNew)
        reach.assertOwnIssuer(issuer ?? state.authorizationServerUrl);
      discovery = state;
    },
    redirectToAuthorization: () => {
      throw new LoginNeeded('login');
    },
    saveCodeVerifier: () => undefined,
    codeVerifier: () => '',
    prepareTokenRequest: (scope) =>
      new URLSearchParams({ grant_type: 'client_credentials', ...(scope !== undefined && { scope }) }),
    ...keyAuthentication(settings),
  };
  const metadataUrl = challenge?.resourceMetadataUrl;
  const scope = settings.scope ?? computeScopeUnion(record.tokens?.scope, challenge?.scope);
  await reach.within((fetchFn) =>
    auth(provider, {
      ...{ serverUrl: url, fetchFn },
      ...(scope !== undefined && { scope }),
      ...(metadataUrl !== undefined && { resourceMetadataUrl: new URL(metadataUrl) }),
    }),
  );
  if (granted === undefined) throw new LoginNeeded('login');
  return granted;
}
