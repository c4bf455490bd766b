import { createHash } from 'node:crypto';
import type { Entry } from './model-request.ts';

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

/** The id, or where it is used already the next with a number behind it that is not (`call_0_2`). */
export function freshCallId(callId: string, used: ReadonlySet<string>): string {
  let [fresh, count] = [callId, 2];
  while (used.has(fresh)) {
    fresh = providerCallId(`${callId}_${count}`);
    count += 1;
  }
  return fresh;
}

/**
 * The ids of an answer's calls as its client gets them: such as every provider takes, for the model may be changed, and
 * none that the conversation has already.
 */
export class CallIds {
  readonly #used: Set<string>;

  constructor(entries: readonly Entry[]) {
    const called = entries.filter((entry) => entry.kind === 'call' || entry.kind === 'result');
    this.#used = new Set(called.map(({ callId }) => callId));
  }

  /** For the next call, to which its provider gave this id. */
  next(givenId: string): string {
    const id = freshCallId(providerCallId(givenId), this.#used);
    this.#used.add(id);
    return id;
  }
}
