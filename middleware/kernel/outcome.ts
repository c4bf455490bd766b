import type { Exchange } from './exchange.ts';
import type { CodexPlusError } from './errors.ts';
import type { RouteKind } from './upstream.ts';

/** Tokens of one model call, as the API reports them. */
export interface Usage {
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
  readonly reasoningTokens: number;
  /** In US dollars, where the upstream reports it. */
  readonly costUsd: number | undefined;
}

/** How an exchange ended. */
export type Ending =
  | 'completed'
  /** Answered here, without an upstream. */
  | 'local'
  /** The client left before the end. */
  | 'client-left'
  /** The upstream broke off after its answer had begun. */
  | 'upstream-broke'
  /** The upstream said inside of its answer, whose status is a success, that it failed. */
  | 'upstream-failed';

/** All that is known of an exchange when it is over. Observers see it and change nothing. */
export interface Outcome {
  readonly exchange: Exchange;
  readonly ending: Ending;
  readonly status: number;
  readonly error: CodexPlusError | undefined;
  /** What the upstream said of its failure, inside of an answer whose status is a success. */
  readonly failure?: { readonly message: string | undefined; readonly code: string | undefined } | undefined;
  readonly route: RouteKind | undefined;
  readonly provider: string | undefined;
  readonly usage: Usage | undefined;
  readonly bytesOut: number;
  /** Milliseconds from the request's head to the upstream's head, to our first byte, and to the end. */
  readonly timings: {
    readonly upstreamMs: number | undefined;
    readonly firstByteMs: number | undefined;
    readonly totalMs: number;
  };
}

/**
 * Sees how exchanges ended: metrics, access log, later audit and transcript. A fault in one is logged and goes no further, also
 * where it comes later, in a promise that is returned.
 */
export interface Observer {
  readonly name: string;
  readonly finished: (outcome: Outcome) => unknown;
}
