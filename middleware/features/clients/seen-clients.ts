import type { Log } from '../../kernel/log.ts';
import type { Observer } from '../../kernel/outcome.ts';

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

/** The oldest Codex that speaks what this middleware expects. */
const oldestCodex = [0, 29] as const;
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
    const tested = kind === 'codex' ? this.#options.testedCodexVersions.includes(version) : undefined;
    this.#seen.set(key, { kind, version, tested });
    if (tested === false) this.#options.log.warn(untestedMessage(version), { version });
  };

  list(): SeenClient[] {
    return [...this.#seen.values()];
  }
}

function untestedMessage(version: string): string {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isOld = major === oldestCodex[0] && minor < oldestCodex[1];
  return isOld
    ? `Codex ${version} is older than 0.29, the oldest that is supported; upgrade it`
    : `Codex ${version} was not tested with this release; if a turn fails, compare without the proxy`;
}
