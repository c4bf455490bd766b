import type { JsonObject } from '../../kernel/json-object.ts';
import type { ToolCall } from './tool-call.ts';
import type { ToolResult } from './tool-result.ts';

/** Who said what in the conversation of a request, and the calls in it: the same as are read out of an answer. */
export interface HistoryCodec {
  /** Whether an item is one that the model made. */
  readonly isModels: (item: JsonObject) => boolean;
  /** Whether an item says what came of calls, and nothing else: the client's word on them is no message of the user. */
  readonly isOutput: (item: JsonObject) => boolean;
  /** The calls that the model made of tools of its client. */
  readonly callsIn: (item: JsonObject) => readonly ToolCall[];
  /** What came of such calls. */
  readonly resultsIn: (item: JsonObject) => readonly ToolResult[];
  /**
   * The item with other texts as results, by the ids of their calls. It stays of its kind, with all that it holds
   * beside them; a result that has no place for a text stays as it is.
   */
  readonly withResults: (item: JsonObject, texts: ReadonlyMap<string, string>) => JsonObject;
  /** Whether the input of a call is an object there, and no text. */
  readonly hasObjectInputs: boolean;
}
