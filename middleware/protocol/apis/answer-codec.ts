import type { JsonObject } from '../../kernel/json-object.ts';
import type { SseFrame } from '../../kernel/sse-frame.ts';
import type { Usage } from '../../kernel/usage.ts';

/** What an answer of one API says, whoever made it. */
export interface AnswerCodec {
  /** In the bytes of every frame with a piece of visible text: frames without it are not parsed. */
  readonly textHint: Buffer;
  /** The piece of visible text in an event; `undefined` for one that says anything else, or more than it. */
  readonly textIn: (event: JsonObject) => TextPiece | undefined;
  /** `undefined` for an API whose streams say every text once. */
  readonly wholeTexts: WholeTexts | undefined;
  /** An answer that is no stream, with every text that the user sees replaced, one after the other. */
  readonly replaceTexts: (answer: JsonObject, replace: ReplaceText) => Promise<JsonObject>;
  /**
   * The stream that says what an answer says which is none; `undefined` for what is no answer of the API. Of APIs whose answers LiteLLM
   * passes on as a stream without reading them.
   */
  readonly asStream?: (answer: JsonObject) => readonly SseFrame[] | undefined;
  readonly watch: FrameWatch;
  /** Whether the data of a frame begins an answer, ends it or shows a sign of life, and says nothing else. */
  readonly isSilent: (data: string) => boolean;
  /** What an event tells of what was used, in the API's own words. */
  readonly usageIn: (event: JsonObject) => JsonObject | undefined;
  /** Of one stream, what was told of it before and what is told now. */
  readonly joinUsage: (before: JsonObject | undefined, now: JsonObject) => JsonObject;
  /** What an API's own account of an answer comes to. */
  readonly countUsage: (usage: JsonObject) => Usage;
}

export type ReplaceText = (text: string) => Promise<string>;

export interface TextPiece {
  /** Which text it belongs to; pieces of one text have the same key. */
  readonly key: string;
  readonly text: string;
  /** The same event with another text in it. */
  readonly replace: (text: string) => JsonObject;
}

/** Frames that say a whole text again. */
export interface WholeTexts {
  /** The place of the text that a frame is a piece of. */
  readonly placeOf: (frame: SseFrame) => TextPlace | undefined;
  /** A frame with the texts that are given for those that it says; the same frame where it says none of them. */
  readonly replace: (frame: SseFrame, textOf: (place: TextPlace) => string | undefined) => SseFrame;
}

/** Where a text stands in an answer. */
export interface TextPlace {
  /** The id of its item; some servers give it another one at the end. */
  readonly item: string;
  /** The place of its item in the answer. */
  readonly output: number;
  /** Its place in the item. */
  readonly part: number;
}

/** What is looked for in the frames of a stream that goes by, in the first bytes of each where they suffice. */
export interface FrameWatch {
  /** Whether the frame says what the error at the end of a broken stream has to say again. */
  readonly isOpening: (prefix: string) => boolean;
  readonly isTerminal: (prefix: string) => boolean;
  readonly isFailure: (prefix: string) => boolean;
  readonly hasUsage: (prefix: string, raw: Buffer) => boolean;
  /** Whether a stream that closes after this frame is complete although no terminal frame came. */
  readonly mayEndAfter: (data: string) => boolean;
}
