import {
  extractWWWAuthenticateParams,
  type AuthProvider,
  type FetchLike,
} from '@modelcontextprotocol/client';
import { boundedFetch } from '../bounded-fetch.ts';
import { LoginChanged, LoginNeeded } from './login-needed.ts';
import type { LoginPlace } from './login-store.ts';
import type { Logins } from './logins.ts';

/** The tokens of one connection, all of one login. */
export class TokenSource implements AuthProvider {
  readonly #place: LoginPlace;
  readonly #logins: Logins;
  #login = '';
  #token: string | undefined;
  /** Got for a token that was refused. */
  #second: string | undefined;

  constructor(place: LoginPlace, logins: Logins) {
    this.#place = place;
    this.#logins = logins;
  }

  async token(): Promise<string | undefined> {
    const { login, token } = await this.#logins.token(this.#place);
    // What a server keeps for a session is the former user's.
    if (this.#login !== '' && this.#login !== login) throw new LoginChanged();
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
    const answer = await boundedFetch(url, init);
    if (answer.status === 401 && this.#second !== undefined && bearerIn(init) === this.#second) {
      await this.#logins.noteChallenge(this.#place, this.#second, answer);
      throw new LoginNeeded('expired');
    }
    if (answer.status !== 403 || extractWWWAuthenticateParams(answer).error !== 'insufficient_scope')
      return answer;
    if (this.#place.oauth?.grant !== 'client_credentials') {
      await this.#logins.noteChallenge(this.#place, bearerIn(init), answer);
      return answer;
    }
    const token = await this.#logins.refused(this.#place, this.#token, answer);
    if (token === undefined) return answer;
    await answer.body?.cancel();
    const headers = new Headers(init?.headers);
    headers.set('authorization', `Bearer ${token}`);
    return await boundedFetch(url, { ...init, headers });
  };
}

function bearerIn(init: RequestInit | undefined): string | undefined {
  return new Headers(init?.headers).get('authorization')?.replace(/^Bearer /, '');
}
