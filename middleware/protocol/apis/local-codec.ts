import type { CodexPlusError } from '../../kernel/errors.ts';
import type { Client } from '../../kernel/exchange.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import type { AnswerFault } from '../translation/answer-event.ts';
import type { AnswerFailure } from './answer-failure.ts';
import type { LocalAnswer, LocalAnswerHead } from './local-answer.ts';

/** What we say ourselves to a client of one API. */
export interface LocalCodec {
  /** A text as a model's whole answer. */
  readonly answer: LocalAnswer;
  /** The body of an error. */
  readonly error: (error: CodexPlusError) => JsonObject;
  /** The `error` of an event that says that an answer failed. */
  readonly faultInStream: (fault: AnswerFault) => JsonObject;
  /** The frames that end an event stream which can't be finished. */
  readonly errorEnd: (error: CodexPlusError, stream: UnfinishedStream) => Buffer;
  /** A sign of life that clients of this API know; `undefined` where it has none of its own. */
  readonly keepalive: Buffer | undefined;
  /** The headers in which clients look for a request's id. */
  readonly requestIdNames: readonly string[];
}

/**
 * What has gone out of an event stream: the data of the frame that began the answer, where its API has one, and of
 * the last one.
 */
export interface SentStream {
  readonly opening: string | undefined;
  readonly last: string | undefined;
}

/** A stream that has to end with an error. */
export interface UnfinishedStream {
  readonly sent: SentStream;
  readonly client: Client;
  /** What an answer of ours is made with, where the upstream's has not begun. */
  readonly head: LocalAnswerHead;
  /** What the upstream said of it. */
  readonly failure?: AnswerFailure | undefined;
}
