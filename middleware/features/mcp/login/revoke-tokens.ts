import type { LoginRecord } from './login-record.ts';
import { ownClient } from './login-client.ts';
import { LoginReach } from './login-reach.ts';
import type { LoginPlace } from './login-store.ts';
import { isSafeUrl } from './safe-url.ts';

/**
 * Tells an authorization server that a login is over (RFC 7009), where it wants to know. Never rejects: what is
 * forgotten here is of no use to anybody.
 */
export async function revokeTokens(
  place: LoginPlace,
  { tokens, client, discovery, clientSecret }: GivenBack,
): Promise<void> {
  const endpoint = endpointIn(discovery);
  const token = tokens?.refresh_token ?? tokens?.access_token;
  if (endpoint === undefined || token === undefined) return;
  const { oauth: settings } = place;
  const { client_id: id, client_secret: secret } =
    (settings && ownClient(settings, { tokens, clientSecret })) ?? client ?? {};
  if (id === undefined) return;
  const body = new URLSearchParams({
    token,
    client_id: id,
    ...(secret !== undefined && { client_secret: secret }),
  });
  try {
    await new LoginReach(place).within((fetchFn) =>
      fetchFn(endpoint, { method: 'POST', body, redirect: 'error' }),
    );
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
