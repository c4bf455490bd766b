import type { PriorDiscovery } from '@modelcontextprotocol/client';
import { BoundedMap } from '../../kernel/bounded-map.ts';

/** A server that learned the newer protocol would be spoken to in the old one for ever: it answers that as well. */
const validMs = 24 * 3_600_000;
const maxVerdicts = 1_000;

/** Which protocol servers speak, as it was found out, by what they are started with; nobody has to be asked at every start. */
export class EraVerdicts {
  readonly #verdicts = new BoundedMap<string, { readonly prior: PriorDiscovery; readonly at: number }>(
    maxVerdicts,
  );
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  get(key: string): PriorDiscovery | undefined {
    const verdict = this.#verdicts.get(key);
    return verdict === undefined || this.#now() - verdict.at > validMs ? undefined : verdict.prior;
  }

  /** Keeps the date of a verdict that is there already: a server that is started every hour is asked once a day. */
  set(key: string, prior: PriorDiscovery): void {
    if (this.get(key)?.kind !== prior.kind) this.#verdicts.set(key, { prior, at: this.#now() });
  }

  forget(key: string): void {
    this.#verdicts.delete(key);
  }
}
