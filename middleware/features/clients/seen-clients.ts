import type { Log } from '../../kernel/log.ts';
import type { Observer } from '../../kernel/outcome.ts';
import { untestedCodex } from './untested-codex.ts';

/** A client program that was seen since the start. */
export interface SeenClient {
  readonly kind: 'codex' | 'claude' | 'other';
  readonly version: string;
  /** Whether this release was tested with that version; only known for Codex. */
  readonly tested: boolean | undefined;
}

interface SeenClientsOptions {
  /** Codex versions that this release was tested with. */
  readonly testedCodexVersions: readonly string[];
  readonly log: Log;
}

/** A caller can name itself as it likes, so the list is bounded. */
const maxSeen = 50;

/** Remembers which client versions came by, and warns once about each Codex version that was not tested. */
export class SeenClients implements Observer {
  readonly name = 'seen-clients';
  readonly #options: SeenClientsOptions;
  readonly #seen = new Map<string, SeenClient>();

  constructor(options: SeenClientsOptions) {
    this.#options = options;
  }

  readonly finished: Observer['finished'] = ({ exchange: { client } }) => {
    const { kind, version } = client;
    if (kind === 'other' || version === undefined) return;
    const key = `${kind} ${version}`;
    if (this.#seen.has(key) || this.#seen.size >= maxSeen) return;
    const { testedCodexVersions, log } = this.#options;
    const untested = kind === 'codex' ? untestedCodex(version, testedCodexVersions) : undefined;
    this.#seen.set(key, { kind, version, tested: kind === 'codex' ? untested === undefined : undefined });
    if (untested !== undefined) log.warn(untested.message, { version });
  };

  list(): SeenClient[] {
    return [...this.#seen.values()];
  }
}
