import type { AnswerEvent, AnswerFault, AnswerUsage } from '../answer-event.ts';

/** Why an answer cannot be read to its end. */
const brokenReasons = {
  ended: 'the answer of the provider ended before it was whole',
  broken: 'the answer broke off at the provider',
  unreached: 'the provider could not be reached',
  unanswered: 'the provider closed the connection without an answer',
  empty: 'the provider answered with nothing at all',
  call: 'a call of the model is not whole',
  noObject: 'the input of a call of the model is no JSON object',
  twoBlocks: "the provider's stream has two content blocks open at once",
  unknownBlock: "the provider's stream goes on with a content block that it did not begin",
} as const;

export type BrokenReason = keyof typeof brokenReasons;

/** The end of an answer that broke off. */
export function brokenAnswer(reason: BrokenReason, usage: AnswerUsage | undefined): AnswerEvent {
  return { kind: 'failed', usage, failure: brokenFault(reason) };
}

/** The same without its place in an answer. */
export function brokenFault(reason: BrokenReason): AnswerFault {
  return { kind: 'failed', message: brokenReasons[reason], retryAfterSeconds: undefined };
}
