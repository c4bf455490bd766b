import { isIPv6, type LookupFunction } from 'node:net';
import { Agent, Dispatcher1Wrapper } from 'undici';

/** The addresses that the name in a URL has at the moment; rejects where one of them must not be connected to. */
export type CheckedAddresses = (url: URL) => Promise<readonly string[]>;

/** Connections for `fetch` to addresses that were checked at that moment: a name may have another one than a moment ago. */
export class CheckedConnections {
  readonly #addressesOf: CheckedAddresses;
  /** Of each origin one: what a URL may lead to is decided by its own. */
  readonly #agents = new Map<string, Agent>();

  constructor(addressesOf: CheckedAddresses) {
    this.#addressesOf = addressesOf;
  }

  /** What `fetch` is to be given to go to a URL. */
  optionsFor(url: URL): RequestInit {
    if (hasOtherWay()) return {};
    const agent = this.#agents.get(url.origin) ?? this.#agentFor(url);
    // The `fetch` of Node takes it, which its types do not say.
    const options: object = { dispatcher: new Dispatcher1Wrapper(agent) };
    return options;
  }

  #agentFor(url: URL): Agent {
    const agent = new Agent({ allowH2: false, connect: { lookup: lookupIn(() => this.#addressesOf(url)) } });
    this.#agents.set(url.origin, agent);
    return agent;
  }

  /** Ends all of them; what is asked for later has new ones. */
  async close(): Promise<void> {
    const agents = [...this.#agents.values()];
    this.#agents.clear();
    await Promise.all(agents.map((agent) => agent.destroy()));
  }
}

function lookupIn(addressesOf: () => Promise<readonly string[]>): LookupFunction {
  return (_name, { all }, done) => {
    addressesOf().then(
      (addresses) => {
        const found = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
        const [first] = found;
        if (first === undefined) done(new Error('the name has no address'), '');
        else if (all === true) done(null, found);
        else done(null, first.address, first.family);
      },
      (error: unknown) => {
        done(error instanceof Error ? error : new Error(String(error)), '');
      },
    );
  };
}

const plainAgents = ['Agent', 'Dispatcher1Wrapper'];

/** Whether all calls of this process go another way, as through a proxy (NODE_USE_ENV_PROXY), which finds addresses itself. */
function hasOtherWay(): boolean {
  return [1, 2].some((version) => {
    const used: unknown = Reflect.get(globalThis, Symbol.for(`undici.globalDispatcher.${version}`));
    return typeof used === 'object' && used !== null && !plainAgents.includes(used.constructor.name);
  });
}
