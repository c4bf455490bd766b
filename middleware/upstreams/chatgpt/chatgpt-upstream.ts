import { createHash, randomBytes } from 'node:crypto';
import { CodexPlusError } from '../../kernel/errors.ts';
import { headerValue, type RawHeaders } from '../../kernel/headers.ts';
import type { Upstream } from '../../kernel/upstream.ts';
import type { ChatgptConfig } from '../../platform/config/config.ts';
import type { Transport, TransportAnswer } from '../transport/transport.ts';
import { chatgptAnswerHeaders, chatgptRequestHeaders } from './chatgpt-headers.ts';
import { CloudflareCookies } from './cloudflare-cookies.ts';

interface ChatgptUpstreamOptions {
  readonly config: ChatgptConfig;
  readonly transport: Transport;
}

/**
 * The ChatGPT backend, for requests with a ChatGPT login. The body goes out as the bytes that came in, the answer comes back
 * as its bytes; the token is passed on and never kept, and a 401 is the client's to answer by refreshing its login.
 */
export function createChatgptUpstream({ config, transport }: ChatgptUpstreamOptions): Upstream {
  const cookies = new CloudflareCookies();
  // Cookies go over TLS only, as a browser keeps those of Cloudflare.
  const keepsCookies = config.baseUrl.startsWith('https:');
  const accountOf = createAccountHash();
  return {
    kind: 'chatgpt',
    send: async ({ request, signal }) => {
      const account = accountOf(request.headers);
      const headers = [...chatgptRequestHeaders(request.headers)];
      const cookie = keepsCookies ? cookies.header(account) : undefined;
      if (cookie !== undefined) headers.push('cookie', cookie);
      const url = chatgptTarget(config, request.path);
      const answer = await transport.call({ method: 'POST', url, headers, body: request.raw, signal });
      if (keepsCookies) cookies.remember(account, answer.headers);
      if (isChallenge(answer)) {
        answer.body.cancel();
        throw challengeError(url, answer.headers);
      }
      return {
        ...answer,
        headers: chatgptAnswerHeaders(answer.headers),
        route: 'chatgpt',
        provider: 'chatgpt',
        costUsd: undefined,
        answeredAt: performance.now(),
      };
    },
  };
}

/** The backend's URL of a path below the API root. */
export function chatgptTarget(config: ChatgptConfig, path: string): URL {
  return new URL(config.baseUrl + path);
}

/** Tells accounts apart without keeping what identifies them: salted anew in every process. */
function createAccountHash(): (headers: RawHeaders) => string {
  const salt = randomBytes(16);
  return (headers) => {
    const identity =
      headerValue(headers, 'chatgpt-account-id') ?? headerValue(headers, 'authorization') ?? '';
    return createHash('sha256').update(salt).update(identity).digest('base64');
  };
}

/** Cloudflare answers for the backend with a page; the backend itself answers with JSON or an event stream. */
function isChallenge({ status, headers }: TransportAnswer): boolean {
  if (headerValue(headers, 'cf-mitigated') === 'challenge') return true;
  return status === 403 && (headerValue(headers, 'content-type') ?? '').startsWith('text/html');
}

function challengeError(url: URL, headers: RawHeaders): CodexPlusError {
  const ray = headerValue(headers, 'cf-ray');
  return new CodexPlusError(
    'upstream_challenge',
    `Cloudflare refused this request to ${url.host} with a challenge page, before the ChatGPT backend saw it` +
      `${ray === undefined ? '' : ` (cf-ray ${ray})`}. This depends on the network address first: try another network or ` +
      'set HTTPS_PROXY; then try chatgpt.transport "codex" in codex_plus.json. Your login is not the cause.',
  );
}
