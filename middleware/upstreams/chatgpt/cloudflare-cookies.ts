import type { RawHeaders } from '../../kernel/headers.ts';

/** The cookies of Cloudflare's that Codex keeps; every other cookie is dropped, as Codex drops it. */
const kept = /^(?:__cf_bm|_cfuvid|__cflb|cf_clearance|cf_chl_\w+)$/;

/** Accounts whose cookies are kept at a time; the one that was silent longest makes room. */
const maxAccounts = 1_000;

/**
 * Cloudflare's cookies for each account, in memory only. Codex keeps none that come from a local address, so they are kept
 * here for it, apart for each account.
 */
export class CloudflareCookies {
  readonly #accounts = new Map<string, Map<string, string>>();

  /** The value of a `cookie` header; `undefined` when there is nothing to send. */
  header(account: string): string | undefined {
    const cookies = this.#accounts.get(account);
    if (cookies === undefined || cookies.size === 0) return undefined;
    return [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** Takes the cookies out of an answer's headers. One with an age of zero or an empty value is forgotten. */
  remember(account: string, headers: RawHeaders): void {
    for (let i = 0; i < headers.length; i += 2) {
      if (headers[i]?.toLowerCase() === 'set-cookie') this.#set(account, headers[i + 1] ?? '');
    }
  }

  #set(account: string, setCookie: string): void {
    const [pair = ''] = setCookie.split(';', 1);
    const equals = pair.indexOf('=');
    const name = pair.slice(0, equals).trim();
    if (equals < 0 || !kept.test(name)) return;
    const cookies = this.#accounts.get(account) ?? new Map<string, string>();
    // Set again, so that the account in use stands last.
    this.#accounts.delete(account);
    this.#accounts.set(account, cookies);
    const value = pair.slice(equals + 1).trim();
    if (value === '' || /;\s*max-age=(?:0|-)/i.test(setCookie)) cookies.delete(name);
    else cookies.set(name, value);
    const [oldest] = this.#accounts.keys();
    if (this.#accounts.size > maxAccounts && oldest !== undefined) this.#accounts.delete(oldest);
  }
}
