import {
  extractWWWAuthenticateParams,
  type AuthProvider,
  type FetchLike,
} from '@modelcontextprotocol/client';
import { checkHeaders } from '../check-headers.ts';
import { LoginChanged, LoginNeeded, RightsLimited } from './login-needed.ts';
import type { LoginPlace } from './login-store.ts';
import type { Logins } from './logins.ts';

interface TokenParts {
  /** What the server is asked through. */
  readonly fetch: FetchLike;
  readonly logins: Logins;
  /** Hears of the headers that the server is called with. */
  readonly note: (headers: Readonly<Record<string, string>>) => void;
}

/** The tokens of one connection, all of one login. */
export class TokenSource implements AuthProvider {
  readonly #place: LoginPlace;
  readonly #logins: Logins;
  readonly #note: TokenParts['note'];
  readonly #fetch: FetchLike;
  #login = '';
  #token: string | undefined;
  /** Got for a token that was refused. */
  #second: string | undefined;

  constructor(place: LoginPlace, { fetch: fetchFn, logins, note }: TokenParts) {
    this.#place = place;
    this.#logins = logins;
    this.#note = note;
    this.#fetch = fetchFn;
  }

  async token(): Promise<string | undefined> {
    const { login, token } = await this.#logins.token(this.#place);
    // What a server keeps for a session is the former user's.
    if (this.#login !== '' && this.#login !== login) throw new LoginChanged();
    if (token !== undefined) this.#check(token);
    this.#login = login;
    this.#token = token;
    return token;
  }

  async onUnauthorized({ response }: { readonly response: Response }): Promise<void> {
    this.#second = await this.#logins.refused(this.#place, this.#token, response);
  }

  /**
   * `fetch` that keeps which rights were missing; a program, which nobody has to be asked for, gets them at once. A token
   * that is refused just after it was renewed is of no use to this server.
   */
  readonly fetch: FetchLike = async (url, init) => {
    const answer = await this.#fetch(url, init);
    if (answer.status === 401 && this.#second !== undefined && bearerIn(init) === this.#second) {
      await this.#logins.noteChallenge(this.#place, this.#second, answer);
      throw new LoginNeeded('expired');
    }
    // It was of use: once it has ended, it is renewed as any other.
    if (answer.status !== 401) this.#second = undefined;
    const wantsRights =
      answer.status === 403 && extractWWWAuthenticateParams(answer).error === 'insufficient_scope';
    return wantsRights ? await this.#withRights(answer, url, init) : answer;
  };

  async #withRights(answer: Response, ...[url, init]: Parameters<FetchLike>): Promise<Response> {
    const missing = this.#leftOut(answer);
    if (missing.length > 0) {
      await answer.body?.cancel();
      throw new RightsLimited(missing);
    }
    if (this.#place.oauth?.grant !== 'client_credentials') {
      await this.#logins.noteChallenge(this.#place, bearerIn(init), answer);
      return answer;
    }
    const token = await this.#logins.refused(this.#place, this.#token, answer);
    if (token === undefined) return answer;
    await answer.body?.cancel();
    const headers = new Headers(init?.headers);
    this.#check(token);
    headers.set('authorization', `Bearer ${token}`);
    return await this.#fetch(url, { ...init, headers });
  }

  #check(token: string): void {
    checkHeaders({ authorization: token });
    this.#note({ authorization: token });
  }

  /** The rights that a server wants, and that nobody may ask for by its entry. */
  #leftOut(answer: Response): readonly string[] {
    const limit = this.#place.oauth?.scope?.split(' ');
    const wanted = extractWWWAuthenticateParams(answer).scope?.split(' ') ?? [];
    return limit === undefined ? [] : wanted.filter((scope) => scope !== '' && !limit.includes(scope));
  }
}

function bearerIn(init: RequestInit | undefined): string | undefined {
  return new Headers(init?.headers).get('authorization')?.replace(/^Bearer /, '');
}
