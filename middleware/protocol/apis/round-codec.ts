import type { ApiRequest } from '../../kernel/exchange.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import type { LocalAnswer, LocalAnswerHead } from '../local-answer.ts';
import type { HistoryItem } from './history-item.ts';
import type { AnswerEnd, AnswerWriter, Ending, Holds, RoundItem, RoundReader } from './round.ts';

/** How one API writes tool calls and answers of several rounds: in its streams, in its other answers, and in the conversation that comes back. */
export interface RoundCodec {
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
  /** What came of the call that an item is; several where the one of its kind has no place for a text. */
  readonly outputs: (item: JsonObject, text: string, isError: boolean) => readonly HistoryItem[];
  /** Words of the user, where none of a client are. */
  readonly words: (text: string) => HistoryItem;
  /** A text of ours as an item of an answer. */
  readonly textItem: (head: LocalAnswerHead, text: string) => JsonObject;
  /** An answer of nothing but a call. */
  readonly callAnswer: (item: JsonObject) => LocalAnswer;
  /** The request that goes on after a turn of the model: every byte of the first one stays. */
  readonly withTurn: (request: ApiRequest, historyItems: readonly HistoryItem[]) => ApiRequest;
  /** History items as items of a conversation. `message`: the message of the client that they are taken from, if they are. */
  readonly toItems: (historyItems: readonly HistoryItem[], message?: JsonObject) => readonly JsonObject[];
  /**
   * What the model said in an item of a conversation, piece by piece; `undefined` for an item that is not the model's.
   * `texts`: of the answer that the item is, in order, as the client got them; an API that joins them has them cut apart again.
   */
  readonly partsOf: (item: JsonObject, texts: readonly string[]) => readonly JsonObject[] | undefined;
  /** What a piece is recognised by: its name, or what it says. */
  readonly keysOf: (part: JsonObject) => readonly string[];
  /** The text that a client gets as the model's whole message; `undefined` where every piece has a name of its own. */
  readonly textOf: ((parts: readonly JsonObject[]) => string) | undefined;
  /** The texts in an answer, each as the client keeps it. */
  readonly textsOf: (parts: readonly JsonObject[]) => readonly string[];
  /** An item of a conversation with other texts. */
  readonly withTexts: (item: JsonObject, own: (text: string) => string) => JsonObject;
  /** An item of the user with outputs in front of what it holds; `undefined` where outputs are items of their own. */
  readonly withOutputs: ((outputs: JsonObject, next: JsonObject) => JsonObject) | undefined;
}

export interface AnswerContent {
  readonly items: readonly RoundItem[];
  readonly usage: JsonObject | undefined;
  readonly ending: Ending;
  /** See `RoundReader`. */
  readonly chainId: string | undefined;
}
