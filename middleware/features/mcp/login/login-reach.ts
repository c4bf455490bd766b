import type { FetchLike } from '@modelcontextprotocol/client';
import { UserError } from '../../../kernel/user-error.ts';
import { visibleLine } from '../../../kernel/visible-text.ts';
import { CheckedConnections } from '../../../platform/network/checked-connections.ts';
import { nameOf } from '../failure-of.ts';
import { firstKinds, type FirstKinds } from '../../../platform/network/first-kinds.ts';
import {
  hostKinds,
  kindsOf,
  kindTexts,
  resolveHost,
  type HostKind,
  type Resolve,
} from '../../../platform/network/host-kind.ts';
import type { LoginPlace } from './login-store.ts';
import { oauthFetchOver } from './oauth-fetch.ts';

/**
 * Which addresses a login at a server may lead to. What it names is for everybody to reach: a server of the public network
 * leads to no address of this machine or a private network, and none leads to what is only beside this machine, unless it
 * is there itself. Where it is, is what its name meant when it was first connected to or asked for: a name that means an address further inside
 * later leads nowhere. The issuer that its user names may be anywhere.
 */
export class LoginReach {
  readonly #place: LoginPlace;
  readonly #resolve: Resolve;
  readonly #first: FirstKinds;
  #refusal: UserError | undefined;

  constructor(place: LoginPlace, resolve: Resolve = resolveHost, first: FirstKinds = firstKinds) {
    this.#place = place;
    this.#resolve = resolve;
    this.#first = first;
  }

  /** Does something with a `fetch` that goes nowhere else; rejects where it was to, whatever was made of that. */
  async within<T>(work: (fetchFn: FetchLike) => Promise<T>): Promise<T> {
    const connections = new CheckedConnections(async (url) => {
      const addresses = await this.#resolve(url.hostname);
      await this.#assertMayReach(url, kindsOf(addresses));
      return addresses;
    });
    const oauthFetch = oauthFetchOver(connections);
    const fetchFn: FetchLike = async (url, init) => {
      await this.assertMayReach(new URL(url));
      // Each step on a way is looked at; the SDK takes those itself that stay at their origin.
      return await oauthFetch(url, { ...init, redirect: init?.redirect ?? 'error' });
    };
    const came = await work(fetchFn)
      .catch((error: unknown) => {
        throw this.#refusal ?? error;
      })
      .finally(() => connections.close());
    // The SDK goes on elsewhere where an address is of no use.
    if (this.#refusal !== undefined) throw this.#refusal;
    return came;
  }

  /** Rejects with words for the user. */
  async assertMayReach(url: URL): Promise<void> {
    await this.#assertMayReach(url, await hostKinds(url.hostname, this.#resolve));
  }

  async #assertMayReach(url: URL, kinds: ReadonlySet<HostKind>): Promise<void> {
    const { url: own, oauth } = this.#place;
    const server = new URL(own);
    const issuer = oauth?.issuer === undefined ? null : URL.parse(oauth.issuer);
    const isLoopback = kinds.size === 1 && kinds.has('loopback');
    if (url.protocol !== 'https:' && url.origin !== server.origin && !isLoopback)
      throw this.#refused(`to ${shown(url)}, which is not reached over https`);
    if (url.hostname === issuer?.hostname) return;
    const ownKinds = await this.#ownKinds(server.hostname);
    const inside = [...kinds].filter((kind) => kind !== 'public');
    if (inside.length === 0) return;
    const isOwn = url.hostname === server.hostname;
    const refused = inside.find((kind) => !(isOwn ? ownKinds.has(kind) : leadsTo(kind, ownKinds)));
    if (refused !== undefined)
      throw this.#refused(
        `to ${shown(url)}, ${kindTexts[refused]}, and is not there itself: name the authorization server in \`oauth.issuer\` of its entry if that is right`,
      );
  }

  /** Keeps a secret of the entry from a server that would have it sent anywhere: its user says where it belongs. */
  assertOwnIssuer(issuer: string): void {
    const { name, url, oauth } = this.#place;
    const [server, named] = [new URL(url), new URL(issuer)];
    const isHere = [server, named].every(({ hostname }) =>
      /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(hostname),
    );
    if (oauth?.issuer !== undefined || server.origin === named.origin || isHere) return;
    throw new UserError(
      `${nameOf(name)} wants the client secret to be sent to ${shown(named)}: write \`"issuer": "${visibleLine(issuer, 200)}"\` into \`oauth\` of its entry if it belongs there`,
    );
  }

  async #ownKinds(hostname: string): Promise<ReadonlySet<HostKind>> {
    return this.#first.of(hostname) ?? this.#first.learn(hostname, await hostKinds(hostname, this.#resolve));
  }

  #refused(why: string): UserError {
    this.#refusal ??= new UserError(`${nameOf(this.#place.name)} leads ${why}`);
    return this.#refusal;
  }
}

/** `own`: all addresses of the server, which may be in a private network only where none of them is public. */
function leadsTo(kind: HostKind, own: ReadonlySet<HostKind>): boolean {
  if (own.size === 0 || own.has('public')) return false;
  return kind === 'link-local' ? own.size === 1 && own.has(kind) : true;
}

function shown({ origin }: URL): string {
  return visibleLine(origin, 200);
}
