import type { AuthorizationServerMetadata } from '@modelcontextprotocol/client';
import { parseJsonObject } from '../../../kernel/json-object.ts';
import { reasonWithHint } from '../failure-of.ts';
import { proveClient } from './client-proof.ts';
import type { LoginRecord } from './login-record.ts';
import { ownClient } from './login-client.ts';
import { LoginReach } from './login-reach.ts';
import type { LoginPlace } from './login-store.ts';
import { isSafeUrl } from './safe-url.ts';

/**
 * Tells an authorization server that a login is over (RFC 7009), where it wants to know. Resolves with the reason where it
 * did not take that: the login is forgotten here, and goes on there until it ends by itself.
 */
export async function revokeTokens(place: LoginPlace, record: GivenBack): Promise<string | undefined> {
  const { tokens, discovery } = record;
  const endpoint = endpointIn(discovery?.authorizationServerMetadata);
  const token = tokens?.refresh_token ?? tokens?.access_token;
  const client = clientOf(place, record);
  if (endpoint === undefined || token === undefined || client === undefined) return undefined;
  const body = new URLSearchParams({ token });
  try {
    const headers = await proveClient(body, { client, settings: place.oauth, ...endpoint });
    const answer = await new LoginReach(place).within((fetchFn) =>
      fetchFn(endpoint.url, { method: 'POST', headers, body, redirect: 'error' }),
    );
    const said = await answer.text();
    return answer.ok ? undefined : `it answered with status ${answer.status}${codeIn(said)}`;
  } catch (error) {
    return reasonWithHint(error);
  }
}

function clientOf({ oauth }: LoginPlace, record: GivenBack): LoginRecord['client'] {
  return (oauth && ownClient(oauth, record)) ?? record.client;
}

type GivenBack = Pick<LoginRecord, 'tokens' | 'client' | 'discovery' | 'clientSecret'>;

function endpointIn(
  metadata: AuthorizationServerMetadata | undefined,
): { readonly url: string; readonly metadata: AuthorizationServerMetadata } | undefined {
  if (metadata === undefined || !('revocation_endpoint' in metadata)) return undefined;
  const url = URL.parse(metadata.revocation_endpoint ?? '');
  return url !== null && isSafeUrl(url) ? { url: url.href, metadata } : undefined;
}

/** The code of an error (RFC 6749, 5.2); other words may repeat what was sent. */
function codeIn(said: string): string {
  const code = parseJsonObject(said)?.['error'];
  return typeof code === 'string' && /^[a-z_]{1,60}$/.test(code) ? `, ${code}` : '';
}
