import type { JsonObject } from '../../kernel/json-object.ts';
import type { SseFrame } from '../../kernel/sse-frame.ts';
import type { AnswerEvent } from './answer-event.ts';
import type { ModelRequest } from './model-request.ts';
import type { ModelTraits } from './model-traits.ts';
import type { ToolNames } from './tool-names.ts';

/** One API on either side of a translation. Two of them back to back are one. */
export interface TranslationCodec {
  /** A client's request. Throws a CodexPlusError that names the member which cannot be understood. */
  readonly readRequest: (body: JsonObject) => ModelRequest;
  /** The same for a provider, within its rules. The same conversation, gone on, begins with the same bytes. */
  readonly writeRequest: (request: ModelRequest, names: ToolNames, traits: ModelTraits) => JsonObject;
  /** Reads a provider's stream. */
  readonly openReader: (names: ToolNames) => TranslationReader;
  /** What is in a provider's answer that is no stream. */
  readonly readAnswer: (answer: JsonObject, names: ToolNames) => readonly AnswerEvent[];
  /** Writes a client's stream. */
  readonly openWriter: (request: ModelRequest) => TranslationWriter;
  /** A client's answer that is no stream. */
  readonly writeAnswer: (events: readonly AnswerEvent[], request: ModelRequest) => JsonObject;
}

export interface TranslationReader {
  /** What the frame says; nothing for a frame without meaning. */
  readonly read: (frame: SseFrame) => readonly AnswerEvent[];
  /** Nothing follows. Says `failed` where the answer has not ended. */
  readonly finish: () => readonly AnswerEvent[];
}

export interface TranslationWriter {
  readonly write: (event: AnswerEvent) => readonly SseFrame[];
}
