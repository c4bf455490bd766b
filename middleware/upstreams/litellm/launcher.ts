import { setTimeout as sleep } from 'node:timers/promises';
import { LitellmProcess } from './litellm-process.ts';
import type { StartPlan } from './plan-start.ts';
import type { TierOptions } from './tier.ts';

/** A LiteLLM that takes requests. */
export interface Serving {
  readonly process: LitellmProcess;
  readonly masterKey: string;
  readonly models: readonly string[];
  readonly warnings: readonly string[];
  readonly missingKeys: StartPlan['missingKeys'];
}

export type Launch =
  | { readonly kind: 'serving'; readonly serving: Serving }
  | { readonly kind: 'failed'; readonly reason: string };

/** Starts LiteLLM processes and owns them all: the one that serves, one that comes up, those at their last requests. */
export class Launcher {
  readonly #options: TierOptions;
  readonly #python: string;
  readonly #signal: AbortSignal;
  readonly #processes = new Set<LitellmProcess>();

  constructor(options: TierOptions, python: string, signal: AbortSignal) {
    this.#options = options;
    this.#python = python;
    this.#signal = signal;
  }

  /** Resolves when the process takes requests, or has failed to and is gone. */
  async launch(plan: StartPlan, port: number): Promise<Launch> {
    const { config, rootDir, env, log, timing } = this.#options;
    const { host, masterKey } = plan;
    const { configFile } = config;
    const { resting } = plan.missingKeys;
    const process = new LitellmProcess({
      ...{ python: this.#python, rootDir, configFile, host, port, masterKey, resting, env, log },
    });
    this.#processes.add(process);
    void process.ended.then(() => this.#processes.delete(process));
    const ready = await process.untilReady({ timeoutMs: timing.readyTimeout, signal: this.#signal });
    if (ready.kind === 'failed') {
      await process.stop(timing.stopGrace);
      return ready;
    }
    const leftOut = plan.listed.filter((name) => !name.includes('*') && !ready.models.includes(name));
    const warnings = leftOut.map(
      (name) => `LiteLLM left out "${name}": check the provider that stands before the slash of its model`,
    );
    return {
      kind: 'serving',
      serving: {
        process,
        masterKey,
        models: [...new Set([...plan.models, ...ready.models])].filter((name) => ready.models.includes(name)),
        warnings: [...plan.warnings, ...warnings],
        missingKeys: plan.missingKeys,
      },
    };
  }

  /** Lets a process that was replaced finish its requests; first those arrive that were sent its way a moment ago. */
  async retire(process: LitellmProcess): Promise<void> {
    const { timing } = this.#options;
    // An abort only cuts the wait short: `stopAll` is at work then.
    await sleep(timing.handOver, undefined, { signal: this.#signal }).catch(() => undefined);
    await process.stop(timing.drain);
  }

  async stopAll(): Promise<void> {
    const { stopGrace } = this.#options.timing;
    await Promise.all([...this.#processes].map((process) => process.stop(stopGrace)));
  }
}
