/** How servers are used; all times in milliseconds. */
export interface PoolLimits {
  /** A server that nobody used for so long is ended. */
  readonly idleMs: number;
  /** Servers that are connected at the same time. */
  readonly maxRunning: number;
  /** Failures in a row after which a server is left alone. */
  readonly failures: number;
  /** For how long it is left alone. */
  readonly coolDownMs: number;
  /** How long the first start after a failure waits; each further one twice as long. */
  readonly backOffMs: number;
}

export const poolLimits: PoolLimits = {
  idleMs: 600_000,
  maxRunning: 64,
  failures: 3,
  coolDownMs: 60_000,
  backOffMs: 250,
};
