import { BoundedSet } from '../../kernel/bounds/bounded-set.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LitellmTarget } from './litellm-upstream.ts';
import { findMasterKey } from './master-key.ts';
import { askModels, whyNotAlive } from './probe.ts';
import { StatusBoard } from './status-board.ts';
import type { TierOptions } from './tier.ts';

type Finding =
  | { readonly kind: 'ready'; readonly target: LitellmTarget; readonly models: readonly string[] }
  | { readonly kind: 'missing'; readonly reason: string };

/** A busy LiteLLM may miss a probe or two; requests would get through all the same. */
const missesAllowed = 2;

/** Texts of errors come from outside, and may differ each time. */
const maxReasons = 100;

/** A LiteLLM that somebody else runs: it is asked whether it is there, often while it is not. */
export class ExternalTier {
  readonly board: StatusBoard;
  readonly #options: TierOptions;
  readonly #stopping = new AbortController();
  #watching: Promise<void> | undefined;
  #target: LitellmTarget | undefined;
  #misses = 0;
  /** Why it was not ready, since it last was; what is said once. */
  #told = new BoundedSet(maxReasons);

  constructor(options: TierOptions) {
    this.#options = options;
    this.board = new StatusBoard('stopped', { models: [] }, options.now);
  }

  get target(): LitellmTarget | undefined {
    return this.#target;
  }

  /** The keys of another LiteLLM are not known here. */
  missingKey(): undefined {
    return undefined;
  }

  start(): void {
    this.#watching ??= this.#watch();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#watching;
  }

  async #watch(): Promise<void> {
    const { timing } = this.#options;
    const { signal } = this.#stopping;
    this.board.show('starting', { models: [] });
    while (!signal.aborted) {
      // Whatever goes wrong with a look, the next one may find it better.
      const finding = await this.#look().catch((error: unknown): Finding => {
        return { kind: 'missing', reason: `LiteLLM could not be looked at: ${String(error)}` };
      });
      this.#show(finding);
      const pause = finding.kind === 'ready' ? timing.probeInterval : timing.backOffFirst;
      // An abort is seen by the loop's condition.
      await sleep(pause, undefined, { signal }).catch(() => undefined);
    }
    this.#target = undefined;
    this.board.show('stopped', { models: [] });
  }

  async #look(): Promise<Finding> {
    const { config, timing } = this.#options;
    const probe = {
      url: withoutSlash(config.url),
      signal: this.#stopping.signal,
      timeoutMs: timing.probeTimeout,
    };
    const reason = await whyNotAlive(probe);
    if (reason !== undefined) return { kind: 'missing', reason };
    // Read every time: the key may come into its file later than LiteLLM comes up, and may change.
    const masterKey = await findMasterKey(config);
    if (masterKey === undefined) {
      const missing = `there is no master key: set LITELLM_MASTER_KEY, or let LiteLLM's start write ${config.masterKeyFile}`;
      return { kind: 'missing', reason: missing };
    }
    if (masterKey.kind === 'fault') return { kind: 'missing', reason: masterKey.reason };
    const answer = await askModels({ ...probe, masterKey: masterKey.key });
    if (answer.kind === 'refused') return { kind: 'missing', reason: answer.reason };
    return { kind: 'ready', target: { url: probe.url, masterKey: masterKey.key }, models: answer.names };
  }

  #show(finding: Finding): void {
    const { log } = this.#options;
    const { state } = this.board.status;
    if (finding.kind === 'ready') {
      const { target, models } = finding;
      this.#target = target;
      this.#misses = 0;
      this.#told = new BoundedSet(maxReasons);
      if (state !== 'ready') log.info(`LiteLLM is ready at ${target.url}`, { models });
      this.board.show('ready', { url: target.url, models });
      return;
    }
    if (this.#stopping.signal.aborted) return;
    if (state === 'ready' && ++this.#misses <= missesAllowed) return;
    this.#target = undefined;
    if (!this.#told.has(finding.reason)) {
      this.#told.add(finding.reason);
      log.warn(`LiteLLM is not ready: ${finding.reason}`);
    }
    this.board.show('backing-off', { reason: finding.reason, models: [] });
  }
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}
