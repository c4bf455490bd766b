import { randomBytes } from 'node:crypto';
import {
  isStrictScopeSuperset,
  type OAuthClientProvider,
  type OAuthDiscoveryState,
  type StoredOAuthClientInformation,
  type StoredOAuthTokens,
} from '@modelcontextprotocol/client';
import type { OAuthSettings } from './oauth-settings.ts';
import { keptDiscovery } from './kept-discovery.ts';
import { clientMetadata, keyAuthentication, ownClient } from './login-client.ts';
import type { LoginRecord } from './login-record.ts';
import type { TokenGrant } from './with-tokens.ts';

/** A login on its way: what has to be remembered between the link and the answer to it. */
export interface LoginAttempt {
  readonly provider: OAuthClientProvider;
  /** Comes back with the answer, so that no other page can give one. */
  readonly state: string;
  /** Where the user has to go; known once the authorization server was asked. */
  readonly link: () => URL | undefined;
  /** What an authorization server told of itself; `undefined`: nothing. */
  readonly metadata: () => OAuthDiscoveryState['authorizationServerMetadata'];
  /** Our client there; `undefined` for one that was registered by hand, and where it was refused. */
  readonly client: () => LoginRecord['client'];
  /** What the login came to. */
  readonly granted: () => TokenGrant | undefined;
}

interface AttemptOptions {
  readonly redirectUrl: string;
  /** What is asked for; `undefined`: what the server names. */
  readonly scope: string | undefined;
}

/** Starts a login anew: nothing of an earlier one is used but the client that was registered for the same redirect URI. */
export function loginAttempt(
  record: LoginRecord,
  settings: OAuthSettings,
  { redirectUrl, scope }: AttemptOptions,
): LoginAttempt {
  const state = randomBytes(32).toString('base64url');
  let link: URL | undefined;
  let tokens: StoredOAuthTokens | undefined;
  let verifier = '';
  let discovery: OAuthDiscoveryState | undefined;
  let client = isFor(record.client, redirectUrl, scope) ? record.client : undefined;
  const own = ownClient(settings, record);
  const provider: OAuthClientProvider = {
    redirectUrl,
    ...(settings.clientMetadataUrl !== undefined && { clientMetadataUrl: settings.clientMetadataUrl }),
    clientMetadata: clientMetadata(redirectUrl, settings),
    ...keyAuthentication(settings),
    state: () => state,
    clientInformation: () => own ?? client,
    // Without it, credentials of a client that was registered by hand are not taken for another server's.
    ...(own === undefined && {
      saveClientInformation: (registered: StoredOAuthClientInformation) => {
        client = registered;
      },
    }),
    tokens: () => tokens,
    saveTokens: (next) => {
      tokens = next;
    },
    redirectToAuthorization: (url) => {
      link = url;
    },
    saveCodeVerifier: (next) => {
      verifier = next;
    },
    codeVerifier: () => verifier,
    saveDiscoveryState: (next) => {
      discovery = next;
    },
    discoveryState: () => discovery,
    invalidateCredentials: (what) => {
      if (what === 'client' || what === 'all') client = undefined;
    },
  };
  return {
    ...{ provider, state },
    link: () => link,
    client: () => client,
    metadata: () => discovery?.authorizationServerMetadata,
    granted: () => {
      if (tokens === undefined) return undefined;
      // An authorization server that says nothing gave what was asked for (RFC 6749, 5.1).
      const granted = tokens.scope ?? link?.searchParams.get('scope') ?? undefined;
      return {
        tokens: { ...tokens, ...(granted !== undefined && { scope: granted }) },
        client: own === undefined ? client : undefined,
        discovery: discovery && keptDiscovery(discovery),
      };
    },
  };
}

/** Registered for the same way back, and for all that is asked for. */
function isFor(client: LoginRecord['client'], redirectUrl: string, scope: string | undefined): boolean {
  if (client === undefined || !('redirect_uris' in client) || !client.redirect_uris.includes(redirectUrl))
    return false;
  return client.scope === undefined || !isStrictScopeSuperset(scope, client.scope);
}
