import { randomUUID } from 'node:crypto';
import type { StoredOAuthTokens } from '@modelcontextprotocol/client';
import type { LoginRecord } from './login-record.ts';

/** What a login comes to. */
export type TokenGrant = Pick<LoginRecord, 'client' | 'discovery'> & { readonly tokens: StoredOAuthTokens };

/** The record of a new login. */
export function newLogin(url: string, { client, discovery, tokens }: TokenGrant, now: Date): LoginRecord {
  return { ...withTokens({ id: randomUUID(), url, client, discovery }, tokens, now) };
}

/** The same login with other tokens, by which the server's challenges are met. */
export function withTokens(
  record: Pick<LoginRecord, 'id' | 'url' | 'client' | 'discovery'>,
  { access_token, token_type, refresh_token, scope, expires_in, issuer }: StoredOAuthTokens,
  now: Date,
): LoginRecord {
  const { id, url, client, discovery } = record;
  return {
    ...{ id, url, client, discovery },
    tokens: {
      ...{ access_token, token_type },
      ...(expires_in !== undefined && { expires_in }),
      ...(refresh_token !== undefined && { refresh_token }),
      ...(scope !== undefined && { scope }),
      ...(issuer !== undefined && { issuer }),
    },
    expiresAt: expires_in === undefined ? undefined : endIn(expires_in, now),
    challenge: undefined,
  };
}

/** No date is as far away as some say: that is as good as no end. */
function endIn(seconds: number, now: Date): string | undefined {
  const end = new Date(now.getTime() + seconds * 1000);
  return Number.isNaN(end.getTime()) ? undefined : end.toISOString();
}
