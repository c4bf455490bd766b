import { UserError } from '../../../kernel/user-error.ts';
import { codeOf } from '../../../kernel/errors.ts';
import { nameOf, reasonWithHint } from '../failure-of.ts';
import { beginLogin, type BegunLogin } from './begin-login.ts';
import { listenForCallback, type CallbackServer, type OnAnswer } from './callback-server.ts';
import type { LoginRecord } from './login-record.ts';
import { loginWaitMs } from './login-wait.ts';
import { keyOf, type LoginPlace, type LoginStore } from './login-store.ts';

/** A login whose user was given the link. */
export interface WaitingLogin {
  readonly link: URL;
  /** Resolves once the user has signed in; rejects where that failed, or nobody came. */
  readonly done: Promise<void>;
  /** Takes the address that the browser was sent back to, where it could not come here itself. */
  readonly finish: (address: string) => Promise<void>;
  readonly cancel: () => void;
}

interface WaitingParts {
  readonly store: LoginStore;
  readonly now: () => Date;
}

const maxWaiting = 16;

/** The logins that wait for their users, at most one a server, each for ten minutes. */
export class WaitingLogins {
  readonly #parts: WaitingParts;
  readonly #waiting = new Map<string, WaitingLogin>();
  /** Those whose links are being made: whoever asks meanwhile gets the same one. */
  readonly #beginning = new Map<string, Promise<WaitingLogin>>();

  constructor(parts: WaitingParts) {
    this.#parts = parts;
  }

  /** The login that waits for its user at a server. */
  at(place: LoginPlace): WaitingLogin | undefined {
    return this.#waiting.get(keyOf(place));
  }

  /** Makes a link to sign in with, and waits for the browser to come back; the same one for all who ask while it is made. */
  begin(place: LoginPlace): Promise<WaitingLogin> {
    const key = keyOf(place);
    const known = this.#beginning.get(key);
    if (known !== undefined) return known;
    const login = this.#begin(key, place).finally(() => this.#beginning.delete(key));
    this.#beginning.set(key, login);
    return login;
  }

  async #begin(key: string, place: LoginPlace): Promise<WaitingLogin> {
    this.#waiting.get(key)?.cancel();
    if (this.#waiting.size + this.#beginning.size >= maxWaiting) {
      const [oldest] = this.#waiting.values();
      if (oldest === undefined) throw new UserError('too many logins are begun at once: try it again');
      oldest.cancel();
    }
    const login = await this.#start(place);
    this.#waiting.set(key, login);
    const forget = (): void => {
      if (this.#waiting.get(key) === login) this.#waiting.delete(key);
    };
    login.done.then(forget, forget);
    return login;
  }

  /** Ends all that wait. */
  close(): void {
    for (const login of this.#waiting.values()) login.cancel();
    const cancel = (login: WaitingLogin): void => {
      login.cancel();
    };
    for (const beginning of this.#beginning.values()) beginning.then(cancel, () => undefined);
  }

  async #start(place: LoginPlace): Promise<WaitingLogin> {
    const done = Promise.withResolvers<undefined>();
    // Who began it may not wait for it.
    done.promise.catch(() => undefined);
    let begun: BegunLogin | undefined;
    const finish = async (login: BegunLogin, answer: URLSearchParams): ReturnType<OnAnswer> => {
      try {
        await login.finish(answer);
        done.resolve(undefined);
        return { isGood: true, text: `You are signed in at ${nameOf(place.name)}. You can close this page.` };
      } catch (error) {
        const failure = loginFailure(place, error);
        done.reject(failure);
        return { isGood: false, text: failure.message };
      }
    };
    // A code may be used once, and a browser may ask for the page twice.
    let finished: ReturnType<OnAnswer> | undefined;
    const onAnswer: OnAnswer = async (answer) =>
      begun?.isAnswer(answer) === true ? await (finished ??= finish(begun, answer)) : undefined;
    const server = await this.#listen(place, onAnswer);
    const timer = setTimeout(() => {
      done.reject(
        new UserError(`nobody signed in at ${nameOf(place.name)} within ${loginWaitMs / 60_000} minutes`),
      );
    }, loginWaitMs).unref();
    const end = (): void => {
      clearTimeout(timer);
      server.close();
    };
    done.promise.then(end, end);
    try {
      begun = await beginLogin(place, { ...this.#parts, redirectUrl: server.redirectUrl });
    } catch (error) {
      const failure = loginFailure(place, error);
      done.reject(failure);
      throw failure;
    }
    return {
      link: begun.link,
      done: done.promise,
      finish: async (address) => {
        const result = await onAnswer(URL.parse(address)?.searchParams ?? new URLSearchParams());
        if (result === undefined) throw new UserError('this is not the address that the login led to');
        await done.promise;
      },
      cancel: () => {
        done.reject(new UserError(`the login at ${nameOf(place.name)} was given up`));
      },
    };
  }

  /** On the port that our client was registered with, where that is free. */
  async #listen(place: LoginPlace, onAnswer: OnAnswer): Promise<CallbackServer> {
    const named = place.oauth?.callbackPort;
    const port = named ?? portOf(await this.#parts.store.read(place));
    try {
      return await listenForCallback(port, onAnswer);
    } catch (error) {
      if (named !== undefined && codeOf(error) === 'EADDRINUSE')
        throw new UserError(`port ${named}, which the login leads back to, is taken by another program`);
      return await listenForCallback(undefined, onAnswer);
    }
  }
}

function portOf({ client }: LoginRecord): number | undefined {
  const uris = client !== undefined && 'redirect_uris' in client ? client.redirect_uris : undefined;
  const port = Number(URL.parse(uris?.[0] ?? '')?.port ?? '');
  return port > 0 ? port : undefined;
}

function loginFailure(place: LoginPlace, error: unknown): UserError {
  if (error instanceof UserError) return error;
  return new UserError(`the login at ${nameOf(place.name)} failed: ${reasonWithHint(error)}`);
}
