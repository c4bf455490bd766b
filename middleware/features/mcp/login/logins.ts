import { computeScopeUnion, extractWWWAuthenticateParams } from '@modelcontextprotocol/client';
import type { Log } from '../../../kernel/log.ts';
import { isClientUnknown, LoginNeeded } from './login-needed.ts';
import { noLogin, type LoginChallenge, type LoginRecord } from './login-record.ts';
import { keyOf, LoginStore, type LoginPlace } from './login-store.ts';
import { LoginReach } from './login-reach.ts';
import { clientToken, renewTokens } from './renew-tokens.ts';
import { WaitingLogins } from './waiting-logins.ts';
import { newLogin, withTokens } from './with-tokens.ts';

interface LoginsOptions {
  /** The folder of our state. */
  readonly stateDir: string;
  readonly log: Log;
  readonly now: () => Date;
}

/** A token, and the login that it is of. */
export interface Token {
  readonly login: string;
  /** `undefined`: nobody signed in. */
  readonly token: string | undefined;
}

/** How the login at a server is, as far as it is known without asking. */
export interface LoginState {
  readonly isSignedIn: boolean;
  /** What the server wants, where it refused something. */
  readonly wants: LoginChallenge['reason'] | undefined;
  readonly scope: string | undefined;
}

/** Renewed so long before its end, a token does not end on its way; of one that is good for a short time, a part of that. */
const marginMs = 60_000;
const marginPart = 1 / 4;
const renewalMs = 60_000;

/** The logins at MCP servers: their tokens, renewed before they end, once for all who wait for them. */
export class Logins {
  readonly #store: LoginStore;
  readonly #log: Log;
  readonly #now: () => Date;
  /** Those that wait for their users. */
  readonly waiting: WaitingLogins;
  readonly #renewals = new Map<string, Promise<Token>>();

  constructor({ stateDir, log, now }: LoginsOptions) {
    this.#store = new LoginStore(stateDir, log);
    this.#log = log;
    this.#now = now;
    this.waiting = new WaitingLogins({ store: this.#store, now });
  }

  /** The token to go to a server with. Rejects with a `LoginNeeded` where a login is over. */
  async token(place: LoginPlace): Promise<Token> {
    const record = await this.#store.read(place);
    const { id, tokens, challenge } = record;
    if (tokens === undefined) {
      if (challenge?.reason === 'expired') throw new LoginNeeded('expired');
      return { login: id, token: undefined };
    }
    if (!this.#isEnding(record, place)) return { login: id, token: tokens.access_token };
    try {
      return await this.#renewed(place, tokens.access_token);
    } catch (error) {
      if (error instanceof LoginNeeded || this.#hasEnded(record)) throw error;
      // It is good for a moment yet, in which its renewal may work.
      return { login: id, token: tokens.access_token };
    }
  }

  /** Another token than the one that a server refused. Rejects with a `LoginNeeded` where there is none. */
  async refused(
    place: LoginPlace,
    token: string | undefined,
    response: Response,
  ): Promise<string | undefined> {
    await this.noteChallenge(place, token, response);
    const record = await this.#store.read(place);
    const { tokens } = record;
    // Made or renewed while the request was on its way.
    if (tokens !== undefined && isOfAnother(record, token)) return tokens.access_token;
    if (place.oauth?.grant !== 'client_credentials' && tokens?.refresh_token === undefined)
      throw new LoginNeeded(tokens === undefined ? 'login' : 'expired');
    return (await this.#renewed(place, token)).token;
  }

  /** Keeps what a server asks for when it refuses a request, where there is no other token than the one that it refused. */
  async noteChallenge(place: LoginPlace, token: string | undefined, response: Response): Promise<void> {
    const { scope, resourceMetadataUrl, error } = extractWWWAuthenticateParams(response);
    const before = await this.#store.read(place);
    if (isOfAnother(before, token)) return;
    const reason = reasonOf(response, error, before);
    if (reason === undefined) return;
    const wanted = reason === 'scope' ? computeScopeUnion(before.tokens?.scope, scope) : scope;
    const challenge = { reason, scope: wanted, resourceMetadataUrl: resourceMetadataUrl?.href };
    if (isSame(before.challenge, challenge)) return;
    await this.#store.change(place, (record) =>
      isOfAnother(record, token) ? record : { ...record, url: place.url, challenge },
    );
  }

  async stateOf(place: LoginPlace): Promise<LoginState> {
    const { tokens, challenge } = await this.#store.read(place);
    return {
      isSignedIn: tokens !== undefined,
      wants: challenge?.reason,
      scope: challenge?.scope ?? tokens?.scope,
    };
  }

  /** Forgets a login, and tells what was known of it. */
  async forget(place: LoginPlace): Promise<LoginRecord> {
    const record = await this.#store.read(place);
    if (record !== noLogin) await this.#store.change(place, () => noLogin);
    return record;
  }

  /** The same with all that is kept for the client of a server that is not there any more. */
  async remove(place: LoginPlace): Promise<LoginRecord> {
    const record = await this.#store.read(place);
    if (record !== noLogin) await this.#store.remove(place);
    return record;
  }

  /** One that cannot be renewed is used to its end. */
  #isEnding({ expiresAt, tokens }: LoginRecord, { oauth }: LoginPlace): boolean {
    const canRenew = tokens?.refresh_token !== undefined || oauth?.grant === 'client_credentials';
    const lifeMs = (tokens?.expires_in ?? Infinity) * 1000;
    const margin = canRenew ? Math.min(marginMs, lifeMs * marginPart) : 0;
    return expiresAt !== undefined && Date.parse(expiresAt) - this.#now().getTime() <= margin;
  }

  /** One renewal for all who ask for it, in this process and in others. */
  #renewed(place: LoginPlace, old: string | undefined): Promise<Token> {
    const key = keyOf(place);
    const running = this.#renewals.get(key);
    if (running !== undefined) return running;
    const renewal = this.#store
      .alone(place, AbortSignal.timeout(renewalMs), () => this.#renew(place, old))
      .finally(() => this.#renewals.delete(key));
    this.#renewals.set(key, renewal);
    return renewal;
  }

  async #renew(place: LoginPlace, old: string | undefined): Promise<Token> {
    const record = await this.#store.read(place);
    const { tokens, id } = record;
    // Whoever signed in or out meanwhile has the last word.
    const replace = (next: LoginRecord): Promise<unknown> =>
      this.#store.change(place, (current) =>
        current.id === id && current.tokens?.access_token === tokens?.access_token ? next : current,
      );
    // Another process was first.
    if (tokens !== undefined && tokens.access_token !== old && !this.#isEnding(record, place))
      return { login: id, token: tokens.access_token };
    try {
      await replace(await this.#fetched(place, record));
      const kept = await this.#store.read(place);
      return { login: kept.id, token: kept.tokens?.access_token };
    } catch (error) {
      if (error instanceof LoginNeeded) {
        const { challenge } = record;
        const wanted = challenge?.scope ?? tokens?.scope;
        const over = {
          resourceMetadataUrl: undefined,
          ...challenge,
          reason: 'expired',
          scope: wanted,
        } as const;
        // One that the authorization server forgot would fail each login from now on; another is registered with the next.
        const client = isClientUnknown(error.cause) ? undefined : record.client;
        await replace({ ...record, client, tokens: undefined, challenge: over });
        throw error;
      }
      throw new Error('its login could not be renewed', { cause: error });
    }
  }

  #hasEnded({ expiresAt }: LoginRecord): boolean {
    return expiresAt !== undefined && Date.parse(expiresAt) <= this.#now().getTime();
  }

  async #fetched(place: LoginPlace, record: LoginRecord): Promise<LoginRecord> {
    const { url, oauth } = place;
    if (oauth === undefined) throw new LoginNeeded('login');
    const reach = new LoginReach(place);
    if (oauth.grant === 'authorization_code')
      return withTokens(
        record,
        await reach.within((fetchFn) => renewTokens(record, oauth, fetchFn)),
        this.#now(),
      );
    if (record.challenge?.reason === 'scope' && oauth.scope === undefined)
      // A user would be asked; for a program nobody is.
      this.#log.warn(
        'an MCP server wants more rights of a program, which are asked for: `oauth.scopes` limits them',
        {
          ...{ server: place.name, scope: record.challenge.scope },
        },
      );
    const granted = newLogin(url, await clientToken({ url, oauth }, record, reach), this.#now());
    // The same program: what is open need not be opened anew.
    return { ...granted, id: record.id === '' ? granted.id : record.id };
  }
}

function reasonOf(
  { status }: Response,
  error: string | undefined,
  { tokens, challenge }: LoginRecord,
): LoginChallenge['reason'] | undefined {
  if (status === 403) return error === 'insufficient_scope' ? 'scope' : undefined;
  if (status !== 401) return undefined;
  return tokens !== undefined || challenge?.reason === 'expired' ? 'expired' : 'login';
}

function isOfAnother({ tokens }: LoginRecord, token: string | undefined): boolean {
  return tokens !== undefined && tokens.access_token !== token;
}

function isSame(one: LoginChallenge | undefined, other: LoginChallenge): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
