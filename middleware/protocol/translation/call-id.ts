import { createHash } from 'node:crypto';
import type { JsonObject } from '../../kernel/json-object.ts';
import type { Entry } from './model-request.ts';
import { isSealedValue } from './original.ts';

/** What all providers take; Anthropic's is the narrowest. */
const taken = /^[\w-]{1,64}$/;
const digestLength = 24;

/** Whether no provider refuses the id. */
export function isTakenEverywhere(callId: string): boolean {
  return taken.test(callId);
}

/** The id of a call for any provider: some give ids that others refuse. The same id for a call and its result. */
export function providerCallId(callId: string): string {
  if (isTakenEverywhere(callId)) return callId;
  return `call_${createHash('sha256').update(callId).digest('hex').slice(0, digestLength)}`;
}

/** With ids that every provider takes in the place of those that begin as what we sealed. The same object where there are none. */
export function withTakenIds(block: JsonObject, names: readonly string[]): JsonObject {
  const sealed = names.filter((name) => isSealedValue(block[name]));
  if (sealed.length === 0) return block;
  const taken = sealed.map((name) => [name, providerCallId(String(block[name]))] as const);
  return { ...block, ...Object.fromEntries(taken) };
}

/** Ids that are used in a conversation. */
export class UsedCallIds {
  readonly #used: Set<string>;
  /** With which number an id that is used is tried next: those before it are used as well. */
  readonly #next = new Map<string, number>();

  constructor(used: Iterable<string> = []) {
    this.#used = new Set(used);
  }

  /** Uses the id, or where it is used already the next with a number behind it that is not (`call_0_2`). */
  use(callId: string): string {
    let fresh = callId;
    while (this.#used.has(fresh)) {
      const count = this.#next.get(callId) ?? 2;
      fresh = providerCallId(`${callId}_${count}`);
      this.#next.set(callId, count + 1);
    }
    this.#used.add(fresh);
    return fresh;
  }
}

/**
 * The ids of an answer's calls as its client gets them: such as every provider takes, for the model may be changed, and
 * none that the conversation has already.
 */
export class CallIds {
  readonly #used: UsedCallIds;

  constructor(entries: readonly Entry[]) {
    const called = entries.filter((entry) => entry.kind === 'call' || entry.kind === 'result');
    this.#used = new UsedCallIds(called.map(({ callId }) => callId));
  }

  /** For the next call, to which its provider gave this id. */
  next(givenId: string): string {
    return this.#used.use(providerCallId(givenId));
  }
}
