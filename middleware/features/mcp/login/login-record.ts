import type {
  OAuthDiscoveryState,
  StoredOAuthClientInformation,
  StoredOAuthTokens,
} from '@modelcontextprotocol/client';
import { isJsonObject, parseJsonObject } from '../../../kernel/json-object.ts';

/** What is kept of the login at one server. */
export interface LoginRecord {
  /** Another one for each login: who signed in anew may be somebody else. */
  readonly id: string;
  /** Of the server, for people. */
  readonly url: string;
  /** As it was registered there for us. */
  readonly client: StoredOAuthClientInformation | undefined;
  readonly tokens: StoredOAuthTokens | undefined;
  /** When the access token ends, ISO 8601; `undefined` where nobody said. */
  readonly expiresAt: string | undefined;
  /** Where the tokens are from, and renewed. */
  readonly discovery: OAuthDiscoveryState | undefined;
  /** What the server asked for since. */
  readonly challenge: LoginChallenge | undefined;
  /** Of a client that was registered by hand; kept through logins, since it is nobody's login. */
  readonly clientSecret?: string | undefined;
  /** The authorization server that the credentials of such a client were good at first; kept in the same way. */
  readonly clientIssuer?: string | undefined;
}

/** What a server said when it refused a request for want of a login. */
export interface LoginChallenge {
  /** `scope`: the login is good, and not for what was asked. */
  readonly reason: 'login' | 'expired' | 'scope';
  readonly scope: string | undefined;
  readonly resourceMetadataUrl: string | undefined;
}

/** What counts where nobody signed in. */
export const noLogin: LoginRecord = {
  id: '',
  url: '',
  ...{
    client: undefined,
    tokens: undefined,
    expiresAt: undefined,
    discovery: undefined,
    challenge: undefined,
  },
};

const version = 1;

/** The text of a file that keeps a login. */
export function formatLoginRecord(record: LoginRecord): string {
  return `${JSON.stringify({ version, ...record }, null, 2)}\n`;
}

/** What a file keeps; `undefined` for one that is not ours. */
export function parseLoginRecord(text: string): LoginRecord | undefined {
  const value = parseJsonObject(text);
  if (value?.['version'] !== version || typeof value['id'] !== 'string') return undefined;
  const parts = ['client', 'tokens', 'discovery', 'challenge'].map((name) => value[name]);
  if (!parts.every((part) => part === undefined || isJsonObject(part))) return undefined;
  const { id, url, client, tokens, expiresAt, discovery, challenge, clientSecret, clientIssuer } =
    value as unknown as LoginRecord;
  if (tokens !== undefined && typeof tokens.access_token !== 'string') return undefined;
  return { id, url, client, tokens, expiresAt, discovery, challenge, clientSecret, clientIssuer };
}
