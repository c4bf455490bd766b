import {
  createPrivateKeyJwtAuth,
  type OAuthClientMetadata,
  type OAuthClientProvider,
  type StoredOAuthClientInformation,
} from '@modelcontextprotocol/client';
import type { OAuthSettings } from './oauth-settings.ts';
import type { LoginRecord } from './login-record.ts';

/** What is told of us where we are registered. */
export function clientMetadata(
  redirectUrl: string | undefined,
  settings: OAuthSettings,
): OAuthClientMetadata {
  const isUsers = redirectUrl !== undefined;
  return {
    client_name: 'Codex-Plus',
    redirect_uris: isUsers ? [redirectUrl] : [],
    grant_types: isUsers ? ['authorization_code', 'refresh_token'] : ['client_credentials'],
    ...(isUsers && { response_types: ['code'], token_endpoint_auth_method: 'none' }),
    ...(settings.scope !== undefined && { scope: settings.scope }),
  };
}

/** The client that was registered by hand; `undefined` where none was. Its credentials stay with the server that had them first. */
export function ownClient(
  { clientId, clientSecret, issuer }: OAuthSettings,
  { tokens, clientSecret: kept, clientIssuer }: Pick<LoginRecord, 'tokens' | 'clientSecret' | 'clientIssuer'>,
): StoredOAuthClientInformation | undefined {
  if (clientId === undefined) return undefined;
  const pinned = issuer ?? clientIssuer ?? tokens?.issuer;
  const secret = clientSecret ?? kept;
  return {
    client_id: clientId,
    ...(secret !== undefined && { client_secret: secret }),
    ...(pinned !== undefined && { issuer: pinned }),
  };
}

/** How a client proves itself that has a key instead of a secret. */
export function keyAuthentication({
  clientId,
  privateKey,
  algorithm = 'ES256',
}: OAuthSettings): Pick<OAuthClientProvider, 'addClientAuthentication'> {
  if (clientId === undefined || privateKey === undefined) return {};
  return {
    addClientAuthentication: createPrivateKeyJwtAuth({
      ...{ issuer: clientId, subject: clientId, privateKey },
      alg: algorithm,
    }),
  };
}
