import type { AnswerEvent, AnswerUsage } from '../answer-event.ts';

/** Why an answer cannot be read to its end. */
const brokenReasons = {
  ended: 'the stream of the provider ended before its answer did',
  call: 'a call of the model is not whole',
  twoBlocks: "the provider's stream has two content blocks open at once",
  unknownBlock: "the provider's stream goes on with a content block that it did not begin",
} as const;

export type BrokenReason = keyof typeof brokenReasons;

/** The end of an answer that broke off. */
export function brokenAnswer(reason: BrokenReason, usage: AnswerUsage | undefined): AnswerEvent {
  return {
    kind: 'failed',
    usage,
    failure: { kind: 'failed', message: brokenReasons[reason], retryAfterSeconds: undefined },
  };
}

/** With which providers say that an answer is not whole: it broke off at theirs. DeepSeek's is documented, the others were seen. */
const brokenOff: ReadonlySet<string> = new Set([
  'abort',
  'aborted',
  'error',
  'insufficient_system_resource',
  'network_error',
]);

/** Whether a provider gives a reason to end by which an answer is none. */
export function isBrokenOff(reason: string): boolean {
  return brokenOff.has(reason.toLowerCase());
}
