import type { Log } from '../../kernel/log.ts';
import type { LitellmConfig } from '../../platform/config/config.ts';
import type { LitellmTarget } from './litellm-upstream.ts';

/**
 * `backing-off`: it is not there, and is tried again by itself. `unavailable`: it is not there until somebody does
 * something. In both the reason says what is wrong and what to do.
 */
export type LitellmState =
  'installing' | 'starting' | 'ready' | 'reloading' | 'backing-off' | 'stopped' | 'unavailable';

export interface LitellmStatus {
  readonly state: LitellmState;
  /** With `ready`: what is wrong with the last edit of the configuration; the one before it stays in use. */
  readonly reason?: string;
  /** Where it answers: the configured address, which stays while the processes behind it change. */
  readonly url?: string;
  /** When this state began, in milliseconds since 1970. */
  readonly since: number;
  /** The names that clients can ask for, aliases included. */
  readonly models: readonly string[];
  /** What in the configuration will not work though LiteLLM runs: keys that are not set, misspelt settings. */
  readonly warnings?: readonly string[];
  /** The models that cannot work, and for each the variable that holds the key which is not set. */
  readonly missingKeys?: Readonly<Record<string, string>>;
}

/** LiteLLM as the middleware sees it, whoever runs it. */
export interface LitellmTier {
  /** Returns at once; what comes of it is told by `status` and `onChange`. */
  readonly start: () => void;
  /** Resolves when nothing of it runs any more. */
  readonly stop: () => Promise<void>;
  readonly status: () => LitellmStatus;
  /**
   * Where a request that begins now goes; `undefined` while there is no LiteLLM to take it. Read it once for each
   * request.
   */
  readonly target: () => LitellmTarget | undefined;
  /**
   * The variable whose absence keeps LiteLLM from serving a model, by whatever name it is called; `undefined` where nothing is
   * known to be missing.
   */
  readonly missingKey: (model: string) => string | undefined;
  readonly onChange: (listener: (status: LitellmStatus) => void) => void;
}

export interface TierOptions {
  readonly config: LitellmConfig;
  /** The project's root: `litellm/` is below it. */
  readonly rootDir: string;
  /** What LiteLLM gets: the providers' keys, proxy settings. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  /** The clock for `since`. */
  readonly now: () => number;
  readonly timing: TierTiming;
}

/** All in milliseconds. */
export interface TierTiming {
  /** First and longest pause before another start. */
  readonly backOffFirst: number;
  readonly backOffMax: number;
  /** A process that was ready for this long begins with the first pause again. */
  readonly steadyAfter: number;
  /** Pause after an installation that failed. */
  readonly installRetry: number;
  readonly readyTimeout: number;
  /** Between two probes of a running LiteLLM, and the time that one may take. */
  readonly probeInterval: number;
  readonly probeTimeout: number;
  /** Between two looks at the configuration; an edit counts after two. */
  readonly watchInterval: number;
  /** After a switch, the time in which requests that were given the old address reach it. */
  readonly handOver: number;
  /** How long the running requests of a LiteLLM that was replaced may go on. */
  readonly drain: number;
  /** How long a stop may take before it is forced. */
  readonly stopGrace: number;
}
