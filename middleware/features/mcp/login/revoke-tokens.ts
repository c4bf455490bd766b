import type { LoginRecord } from './login-record.ts';
import { ownClient } from './login-client.ts';
import { oauthFetch } from './oauth-fetch.ts';
import type { OAuthSettings } from './oauth-settings.ts';
import { isSafeUrl } from './safe-url.ts';

/**
 * Tells an authorization server that a login is over (RFC 7009), where it wants to know. Never rejects: what is
 * forgotten here is of no use to anybody.
 */
export async function revokeTokens(
  { tokens, client, discovery, clientSecret }: GivenBack,
  settings: OAuthSettings | undefined,
): Promise<void> {
  const endpoint = endpointIn(discovery);
  const token = tokens?.refresh_token ?? tokens?.access_token;
  if (endpoint === undefined || token === undefined) return;
  const { client_id: id, client_secret: secret } =
    (settings && ownClient(settings, { tokens, clientSecret })) ?? client ?? {};
  if (id === undefined) return;
  const body = new URLSearchParams({
    token,
    client_id: id,
    ...(secret !== undefined && { client_secret: secret }),
  });
  try {
    await oauthFetch(endpoint, { method: 'POST', body, redirect: 'error' });
  } catch {
    // It ends by itself there.
  }
}

type GivenBack = Pick<LoginRecord, 'tokens' | 'client' | 'discovery' | 'clientSecret'>;

function endpointIn(discovery: GivenBack['discovery']): string | undefined {
  const metadata = discovery?.authorizationServerMetadata;
  const endpoint =
    metadata !== undefined && 'revocation_endpoint' in metadata ? metadata.revocation_endpoint : undefined;
  const url = typeof endpoint === 'string' ? URL.parse(endpoint) : null;
  return url !== null && isSafeUrl(url) ? url.href : undefined;
}
