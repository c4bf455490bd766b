import { createHash } from 'node:crypto';
import { FairMap } from '../../../kernel/bounds/fair-map.ts';
import { canonicalJson } from '../../../kernel/canonical-json.ts';
import type { JsonObject } from '../../../kernel/json-object.ts';
import type { GuardedCall } from './call-guard.ts';
import type { GatewayClient } from './forward-request.ts';

/** A call that may run, and whose server has asked its client something since. */
export interface DecidedCall {
  /** As hooks know it. */
  readonly id: string;
  /** What it runs with, where that is not what the client sent. */
  readonly input: JsonObject | undefined;
  /** How its server was started or reached then. */
  readonly launch: string | undefined;
}

/** A call as its client sends it with each answer: with the state that came with the question. */
export interface ResentCall extends Omit<GuardedCall, 'id'> {
  readonly client: Pick<GatewayClient, 'caller' | 'id'>;
  readonly state: string | undefined;
}

interface Kept extends DecidedCall {
  readonly owner: readonly [caller: string, client: string];
  readonly until: number;
}

interface DecidedCallsOptions {
  readonly maxCalls: number;
  /** How long the answers to questions are waited for. */
  readonly waitMs: number;
  /** A clock that only goes forward, in milliseconds. */
  readonly now: () => number;
}

/**
 * Calls at servers of the newer protocol, which keep nothing of a call that they ask about: it comes again, whole, with each
 * answer. What hooks and the user said of it counts for all of it.
 */
export class DecidedCalls {
  readonly #options: DecidedCallsOptions;
  readonly #kept: FairMap<Kept>;

  constructor(options: DecidedCallsOptions) {
    this.#options = options;
    this.#kept = new FairMap({
      maxEntries: options.maxCalls,
      ownerOf: ({ owner }) => owner,
      // It is decided again.
      onDropped: () => undefined,
    });
  }

  keep(call: ResentCall, decided: DecidedCall): void {
    const { caller, id } = call.client;
    const until = this.#options.now() + this.#options.waitMs;
    this.#kept.set(keyOf(call), { ...decided, owner: [caller, id], until });
  }

  /** What was decided of a call, for the one time that it is sent again. */
  take(call: ResentCall): DecidedCall | undefined {
    const key = keyOf(call);
    const kept = this.#kept.get(key);
    this.#kept.delete(key);
    return kept !== undefined && this.#options.now() < kept.until ? kept : undefined;
  }
}

function keyOf({ client: { caller, id }, server, tool, input, state }: ResentCall): string {
  const words = canonicalJson({ caller, id, server, tool, input, state });
  return createHash('sha256').update(words).digest('hex');
}
