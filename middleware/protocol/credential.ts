import type { RawHeaders } from '../kernel/headers.ts';

/** What a request's credential is, and so where the request may go. */
export type Credential =
  | { readonly kind: 'none' | 'api-key' | 'foreign-jwt' }
  /** A ChatGPT login: to the ChatGPT backend and nowhere else. */
  | { readonly kind: 'chatgpt' }
  /** Nothing may be done with it; the reason is for the client. */
  | { readonly kind: 'refused'; readonly reason: string };

const none: Credential = { kind: 'none' };
const apiKey: Credential = { kind: 'api-key' };
const foreignJwt: Credential = { kind: 'foreign-jwt' };
const chatgpt: Credential = { kind: 'chatgpt' };

const openaiIssuer = 'https://auth.openai.com';
const apiAudience = 'https://api.openai.com/v1';
/** No token that we know of comes near; a longer one is not decoded. */
const maxTokenLength = 16 * 1024;

/**
 * Classifies a request by its credential. The signature is not checked: the upstream does that, and this only chooses one.
 * It fails closed both ways: a token of OpenAI's issuer that is no login for the API is refused, so that it reaches neither
 * LiteLLM nor the ChatGPT backend, and a token of another issuer is never a ChatGPT login.
 */
export function classifyCredential(headers: RawHeaders): Credential {
  let authorization: string | undefined;
  let keyHeader: string | undefined;
  let hasAccount = false;
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] ?? '';
    if (name.length !== 13 && name.length !== 9 && name.length !== 18) continue;
    const lower = name.toLowerCase();
    if (lower === 'authorization') {
      if (authorization !== undefined) return refused('there is more than one authorization header');
      authorization = headers[i + 1] ?? '';
    } else if (lower === 'x-api-key') keyHeader = headers[i + 1];
    else if (lower === 'chatgpt-account-id') hasAccount = true;
  }
  return withKeyHeader(classifyAuthorization(authorization, hasAccount), keyHeader);
}

/** A login that comes as an API key would slip past the rules for `authorization`. */
function withKeyHeader(credential: Credential, keyHeader: string | undefined): Credential {
  if (keyHeader === undefined || credential.kind === 'refused') return credential;
  const { kind } = classifyToken(keyHeader, false);
  if (kind === 'chatgpt' || kind === 'refused') {
    return refused('a ChatGPT login must come as "authorization: Bearer", not as x-api-key');
  }
  return credential.kind === 'none' ? apiKey : credential;
}

function classifyAuthorization(authorization: string | undefined, hasAccount: boolean): Credential {
  if (authorization === undefined || authorization === '') return none;
  const space = authorization.indexOf(' ');
  const scheme = (space < 0 ? authorization : authorization.slice(0, space)).toLowerCase();
  if (scheme === 'bearer') return classifyToken(authorization.slice(space + 1).trim(), hasAccount);
  if (scheme === 'agentassertion') {
    return refused('agent assertions are not supported; log in to Codex with ChatGPT or an API key');
  }
  return apiKey;
}

function classifyToken(token: string, hasAccount: boolean): Credential {
  if (token.startsWith('at-')) {
    return hasAccount
      ? chatgpt
      : refused('a personal access token (at-…) needs the chatgpt-account-id header beside it');
  }
  // Every JWT begins with these letters: base64url of an opening brace and quote.
  if (!token.startsWith('eyJ')) return apiKey;
  if (token.length > maxTokenLength) return refused('the bearer token is longer than 16 KiB');
  const [header = '', payload = '', ...rest] = token.split('.');
  // Encrypted tokens have five segments; OpenAI issues none.
  if (rest.length === 3) return foreignJwt;
  const claims = rest.length === 1 ? readClaims(header, payload) : undefined;
  return claims === undefined
    ? refused('the bearer token looks like a JWT, but cannot be read as one')
    : classifyClaims(claims);
}

function classifyClaims(claims: Readonly<Record<string, unknown>>): Credential {
  if (claims['iss'] !== openaiIssuer) return foreignJwt;
  const audiences: unknown[] = Array.isArray(claims['aud']) ? claims['aud'] : [claims['aud']];
  return audiences.includes(apiAudience)
    ? chatgpt
    : refused(
        'the bearer token is of OpenAI, but not an access token for the API; send the access token of the login',
      );
}

function readClaims(header: string, payload: string): Readonly<Record<string, unknown>> | undefined {
  const head = decodeSegment(header);
  return head === undefined || typeof head['alg'] !== 'string' ? undefined : decodeSegment(payload);
}

/** A JSON object in base64url, strictly: no padding and no other alphabet, as RFC 7515 §2 has it. */
function decodeSegment(segment: string): Readonly<Record<string, unknown>> | undefined {
  if (!/^[\w-]+$/.test(segment)) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(segment, 'base64url').toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}

function refused(reason: string): Credential {
  return { kind: 'refused', reason };
}
