/**
 * What a look at the text of an answer tells of it, before anybody reads it. Letters may be written as escapes, so that `\\u00` is one of
 * its signs.
 */
export interface AnswerSigns {
  /** In an answer that is no stream: without one of these it has no call that a client runs, and does not say that it failed. */
  readonly whole: RegExp;
  /** In a stream; `undefined` where a reader that comes later needs all that was before it. */
  readonly stream?: StreamSigns;
}

export interface StreamSigns {
  /** Without one of these, a part of a stream says nothing of a call that a client runs, and not that the answer failed. */
  readonly concerning: RegExp;
  /** What a reader that comes later has to be given first; all else is nothing to it. */
  readonly kept: RegExp;
  /** Behind which nothing is to follow; it is kept as well. */
  readonly end: RegExp;
}

const failed = String.raw`"failed"|"error"\s*:(?!\s*null)|:\s*"error"|\\u00`;

/** The signs of a failure, in the words of any API, or of what `calls` finds. */
export function signsOf(calls: string): RegExp {
  return new RegExp(`${calls}|${failed}`);
}

const openBrace = 0x7b;
const closeBrace = 0x7d;

/** Whether an answer that is no stream has none of its signs. What does not look like an object in UTF-8 has to be read. */
export function isUnremarkable(answer: Buffer, { whole }: AnswerSigns): boolean {
  if (answer[0] !== openBrace || answer.at(-1) !== closeBrace || answer.includes(0)) return false;
  return !whole.test(answer.toString('latin1'));
}
