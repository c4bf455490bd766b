import type { CallDecision, ModelCall } from './exchange-record.ts';
import type { Caller, Exchange } from './exchange.ts';
import type { CodexPlusError } from './errors.ts';
import type { RouteKind } from './route-kind.ts';
import type { Usage } from './usage.ts';

/** How an exchange ended. */
export type Ending =
  | 'completed'
  /** Answered here, without an upstream. */
  | 'local'
  /** The client left before the end. */
  | 'client-left'
  /** A rule or a fault of ours ended an answer of the upstream's; see `isOurs` in `errors`. */
  | 'ended-here'
  /** The upstream broke off after its answer had begun. */
  | 'upstream-broke'
  /** The upstream said inside of its answer, whose status is a success, that it failed. */
  | 'upstream-failed';

/** All that is known of an exchange when it is over. Observers see it and change nothing. */
export interface Outcome {
  /** Its requests have no bodies any more where nothing read the answer: who has to know of one takes it in a stage. */
  readonly exchange: Exchange;
  /** Whose it was; one that was refused before that was known stands as local. */
  readonly caller: Caller;
  readonly ending: Ending;
  readonly status: number;
  readonly error: CodexPlusError | undefined;
  /** What the upstream said of its failure, inside of an answer whose status is a success. */
  readonly failure?: { readonly message: string | undefined; readonly code: string | undefined } | undefined;
  readonly route: RouteKind | undefined;
  readonly provider: string | undefined;
  /** Of all rounds of the client's answer. */
  readonly usage: Usage | undefined;
  /** Of all those rounds as well, in US dollars; `undefined` where no upstream said. One may tell it without the usage. */
  readonly costUsd: number | undefined;
  /** All calls of models that were made for it, those of hooks that ran until its end included. */
  readonly calls: readonly ModelCall[];
  /** What was decided about the tool calls in its answer, in all rounds. */
  readonly decisions: readonly CallDecision[];
  readonly bytesOut: number;
  /** Milliseconds from the request's head to the upstream's head, to our first byte, and to the end. */
  readonly timings: {
    readonly upstreamMs: number | undefined;
    readonly firstByteMs: number | undefined;
    readonly totalMs: number;
  };
}

/**
 * Sees how exchanges ended: metrics, access log, later audit and transcript. A fault in one is logged and goes no
 * further, also where it comes later, in a promise that is returned.
 */
export interface Observer {
  readonly name: string;
  /**
   * Told before the last bytes of an answer go out, of those that are written to their end: for what has to be kept before the
   * client can know that it is over. Not before it returns does the answer go on. The times are not those of the end.
   */
  readonly answered?: ((outcome: Outcome) => void) | undefined;
  readonly finished: (outcome: Outcome) => unknown;
  /** Writes out what it holds, when no exchange runs any more; whoever calls it waits for a bounded time only. */
  readonly close?: (() => Promise<void>) | undefined;
}
