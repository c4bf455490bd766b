import type { ApiRequest } from '../../kernel/exchange.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import type { HistoryItem } from './history-item.ts';
import type { ImagePart } from './prompt-part.ts';

/** What came of a call, for the model. */
export interface CallOutput {
  readonly text: string;
  readonly images?: readonly ImagePart[];
  readonly isError: boolean;
}

/**
 * How a turn of the model stands in the conversation of one API: piece by piece, and as the items that a client
 * sends back.
 */
export interface TurnCodec {
  /** What came of the call that an item is; several where the one of its kind has no place for a text. */
  readonly outputs: (item: JsonObject, output: CallOutput) => readonly HistoryItem[];
  /** An output with a note in the place of what came of the call; `undefined` for one that shows its images alone. */
  readonly withoutResult: (output: JsonObject, note: string) => JsonObject | undefined;
  /** Whether an output has room for images; else they stand behind all outputs, those of the client too. */
  readonly holdsImages: boolean;
  /** Words of the user, where none of a client are. */
  readonly words: (text: string) => HistoryItem;
  /** The request that goes on after a turn of the model: every byte of the first one stays. */
  readonly withTurn: (request: ApiRequest, historyItems: readonly HistoryItem[]) => ApiRequest;
  /** History items as items of a conversation. `message`: the message of the client that they are taken from, if they are. */
  readonly toItems: (historyItems: readonly HistoryItem[], message?: JsonObject) => readonly JsonObject[];
  /**
   * What the model said in an item of a conversation, piece by piece; `undefined` for an item that is not the
   * model's. `texts`: of the answer that the item is, in order, as the client got them; an API that joins them has
   * them cut apart again.
   */
  readonly partsOf: (item: JsonObject, texts: readonly string[]) => readonly JsonObject[] | undefined;
  /** What a piece is recognised by: its name, or what it says. The first says most. */
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
