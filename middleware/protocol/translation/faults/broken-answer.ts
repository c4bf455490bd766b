import type { ErrorCode } from '../../../kernel/errors.ts';
import type { AnswerEvent, AnswerFault, AnswerUsage } from '../answer-event.ts';

/** Why there is no answer, or why it cannot be read to its end. */
const brokenReasons = {
  ended: 'the answer of the provider ended before it was whole',
  broken: 'the answer broke off at the provider',
  late: 'the provider did not answer in time',
  unreached: 'the provider could not be reached',
  unanswered: 'the provider closed the connection without an answer',
  empty: 'the provider answered with nothing at all',
  unread: 'the provider answered with something that is no answer',
  streamed: 'the provider answered a call that is not streamed with a stream',
  call: 'a call of the model is not whole',
  noObject: 'the input of a call of the model is no JSON object',
  twoBlocks: "the provider's stream has two content blocks open at once",
  unknownBlock: "the provider's stream goes on with a content block that it did not begin",
} as const;

export type BrokenReason = keyof typeof brokenReasons;

/** What is told of an answer also where nobody but its reader or LiteLLM saw that it is not whole. */
const codes = {
  ended: 'stream_incomplete',
  broken: 'stream_incomplete',
  late: 'upstream_timeout',
  // It was asked for, and would be the next time.
  streamed: 'upstream_unreadable',
} as const satisfies Readonly<Partial<Record<BrokenReason, ErrorCode>>>;

export type BrokenCode = (typeof codes)[keyof typeof codes];

const brokenCodes: ReadonlySet<unknown> = new Set(Object.values(codes));

/** Whether a code is one of them. */
export function isBrokenCode(code: unknown): code is BrokenCode {
  return brokenCodes.has(code);
}

/** The end of an answer that broke off. */
export function brokenAnswer(reason: BrokenReason, usage: AnswerUsage | undefined): AnswerEvent {
  return { kind: 'failed', usage, failure: brokenFault(reason) };
}

/** The same without its place in an answer. */
export function brokenFault(reason: BrokenReason): AnswerFault {
  const code = codeOf(reason);
  return {
    ...{ kind: 'failed', message: brokenReasons[reason], retryAfterSeconds: undefined },
    ...(code === undefined ? {} : { code }),
  };
}

/** The code of an error with our words for an answer that broke off, or was late. */
export function brokenCode(message: string): BrokenCode | undefined {
  const reason = reasonIn(message);
  return reason === undefined ? undefined : codeOf(reason);
}

function codeOf(reason: BrokenReason): BrokenCode | undefined {
  return reason in codes ? codes[reason as keyof typeof codes] : undefined;
}

const reasons: ReadonlyMap<string, BrokenReason> = new Map(
  Object.entries(brokenReasons).map(([reason, words]) => [words, reason as BrokenReason]),
);

/** `launch.py` says behind them in which word the provider said it. */
function reasonIn(message: string): BrokenReason | undefined {
  return reasons.get(message.replace(/: \w{1,60}$/, ''));
}

/** Of which it helps to know where they were called. */
const ofCall: ReadonlySet<BrokenReason> = new Set([
  ...(['ended', 'broken', 'late', 'unreached', 'unanswered', 'empty', 'unread', 'streamed'] as const),
]);

/** Whether words of ours for a call of a model say no more than "the provider". */
export function leavesOutCalled(message: string, model: string): boolean {
  const reason = reasonIn(message);
  return reason !== undefined && model !== '' && ofCall.has(reason);
}

/** Such words with who was called, as far as somebody knows, or else for which model; all others as they are. */
export function namingCalled(message: string, model: string, who: () => string | undefined): string {
  if (!leavesOutCalled(message, model)) return message;
  const called = who();
  return called === undefined
    ? `${message} (it was called for "${model}")`
    : message.replace('the provider', () => called);
}
