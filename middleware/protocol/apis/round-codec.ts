import type { JsonObject } from '../../kernel/json-object.ts';
import type { LocalAnswer, LocalAnswerHead } from './local-answer.ts';
import type { AnswerSigns } from './answer-signs.ts';
import type { AnswerEnd, AnswerWriter, Ending, Holds, RoundItem, RoundReader } from './round.ts';
import type { TurnCodec } from './turn-codec.ts';

/**
 * How one API writes answers with tool calls, in streams and in other answers, and how they stand in the
 * conversation that comes back.
 */
export interface RoundCodec extends TurnCodec {
  /** How an answer with a call, or one that failed, is told from others without reading it. */
  readonly signs: AnswerSigns;
  readonly openReader: (holds: Holds) => RoundReader;
  readonly openWriter: () => AnswerWriter;
  /** What is in an answer that is no stream. */
  readonly readAnswer: (answer: JsonObject, holds: Holds) => AnswerContent;
  /** The one answer to the client, made of the last one that the upstream gave. */
  readonly writeAnswer: (last: JsonObject, end: AnswerEnd) => JsonObject;
  /** Whether the client has something to do for an item before the model can go on. */
  readonly isForClient: (item: JsonObject) => boolean;
  /** The item of a call with another input, in its exact kind. */
  readonly withInput: (item: JsonObject, input: string) => JsonObject;
  /** The item of a call with another id. */
  readonly withCallId: (item: JsonObject, callId: string) => JsonObject;
  /** A text of ours as an item of an answer. */
  readonly textItem: (head: LocalAnswerHead, text: string) => JsonObject;
  /** An answer of nothing but a call. */
  readonly callAnswer: (item: JsonObject) => LocalAnswer;
}

export interface AnswerContent {
  readonly items: readonly RoundItem[];
  readonly usage: JsonObject | undefined;
  readonly ending: Ending;
  /** See `RoundReader`. */
  readonly chainId: string | undefined;
}
