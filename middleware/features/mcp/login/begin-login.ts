import {
  auth,
  computeScopeUnion,
  RegistrationRejectedError,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client';
import { isJsonObject } from '../../../kernel/json-object.ts';
import { UserError } from '../../../kernel/user-error.ts';
import { nameOf } from '../failure-of.ts';
import { LoginReach } from './login-reach.ts';
import { loginAttempt, type LoginAttempt } from './login-provider.ts';
import type { LoginRecord } from './login-record.ts';
import type { LoginPlace, LoginStore } from './login-store.ts';
import { isSafeUrl } from './safe-url.ts';
import { newLogin } from './with-tokens.ts';

/** A login that waits for its user. */
export interface BegunLogin {
  /** What the user has to open in a browser. */
  readonly link: URL;
  /** Whether an answer belongs to this login. */
  readonly isAnswer: (answer: URLSearchParams) => boolean;
  /** Takes the answer that the browser was sent back with, and keeps the login. */
  readonly finish: (answer: URLSearchParams) => Promise<void>;
}

interface BeginParts {
  readonly store: LoginStore;
  readonly redirectUrl: string;
  readonly now: () => Date;
}

/** Finds out where a user signs in for a server, and makes the link that does. */
export async function beginLogin(
  place: LoginPlace,
  { store, redirectUrl, now }: BeginParts,
): Promise<BegunLogin> {
  const { url, oauth } = place;
  if (oauth === undefined)
    throw new UserError(
      `${nameOf(place.name)} has its credential in the headers of its entry: there is no login`,
    );
  if (oauth.grant === 'client_credentials')
    throw new UserError(
      `${nameOf(place.name)} is signed in at by us alone, with the credentials in its entry`,
    );
  const record = await store.read(place);
  const scope = scopeToAsk(record, oauth.scope);
  const attempt = loginAttempt(record, oauth, { redirectUrl, scope });
  const metadataUrl = record.challenge?.resourceMetadataUrl;
  const reach = new LoginReach(place);
  try {
    await reach.within((fetchFn) =>
      auth(attempt.provider, {
        ...{ serverUrl: url, forceReauthorization: true, fetchFn },
        ...(scope !== undefined && { scope }),
        ...(metadataUrl !== undefined && { resourceMetadataUrl: new URL(metadataUrl) }),
      }),
    );
  } catch (error) {
    if (hasNoLogins(error, attempt)) throw noLogins(place.name);
    throw error;
  }
  const link = attempt.link();
  // A program opens it: nothing but a page of the web may be behind it.
  if (link === undefined || !isSafeUrl(link))
    throw new UserError(`${nameOf(place.name)} has no page to sign in at`);
  // Before the host it looks like another host.
  if (link.username !== '' || link.password !== '')
    throw new UserError(
      `${nameOf(place.name)} wants a page to be opened that has a user name before its host`,
    );
  assertPkce(place.name, attempt);
  await reach.assertMayReach(link);
  return {
    link,
    isAnswer: (answer) => answer.get('state') === attempt.state,
    finish: async (answer) => {
      await reach.within(async (fetchFn) => {
        const { provider: authProvider } = attempt;
        const transport = new StreamableHTTPClientTransport(new URL(url), { authProvider, fetch: fetchFn });
        await transport.finishAuth(answer).catch(async (error: unknown) => {
          if (attempt.client() === undefined) await store.change(place, withoutClient);
          throw error;
        });
      });
      const granted = attempt.granted();
      if (granted === undefined) throw new UserError(`${nameOf(place.name)} gave no token`);
      await store.change(place, () => newLogin(url, granted, now()));
    },
  };
}

/**
 * Without PKCE, whoever got hold of the answer could use it (MCP, Authorization Code Protection). An authorization server that
 * tells nothing of itself, as it may by an older revision of the protocol, may have it.
 */
function assertPkce(name: string, { metadata }: LoginAttempt): void {
  const told = metadata();
  if (told !== undefined && told.code_challenge_methods_supported?.includes('S256') !== true)
    throw new UserError(
      `nobody can sign in at ${nameOf(name)} safely: its authorization server does not say that it has PKCE (\`S256\` in \`code_challenge_methods_supported\`)`,
    );
}

/** The next login registers another one. */
function withoutClient(record: LoginRecord): LoginRecord {
  return { ...record, client: undefined };
}

/** It told nothing of an authorization server, and the addresses that one would have by default are none either. */
function hasNoLogins(error: unknown, { metadata }: LoginAttempt): boolean {
  // A page of the web in the place of metadata.
  const isPage = isJsonObject(error) && error['name'] === 'SyntaxError';
  return isPage || (error instanceof RegistrationRejectedError && metadata() === undefined);
}

function noLogins(name: string): UserError {
  return new UserError(
    `${nameOf(name)} does not tell where to sign in (it has no OAuth metadata): put its credential into \`headers\` of its entry (\`--header "Authorization: Bearer …"\` of \`codex-plus mcp add\`), or look whether \`url\` is right`,
  );
}

/** What was granted stays, where a server wants more; what its entry names is all that it gets. */
function scopeToAsk({ challenge, tokens }: LoginRecord, configured: string | undefined): string | undefined {
  if (configured !== undefined) return configured;
  return challenge?.reason === 'scope'
    ? computeScopeUnion(tokens?.scope, challenge.scope)
    : (challenge?.scope ?? tokens?.scope);
}
