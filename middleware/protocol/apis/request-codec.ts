import type { JsonObject } from '../../kernel/json-object.ts';
import type { ImagePart } from './prompt-part.ts';
import type { ToolsCodec } from './tools-codec.ts';
import type { ModelQuestion, QuestionForm } from './model-question.ts';

/** What stands where in a request of one API. */
export interface RequestCodec {
  /** The member with the conversation. */
  readonly itemsKey: string;
  /** The member that names the answer from which a request goes on; `undefined` where all is sent again each time. */
  readonly chainKey: string | undefined;
  /** The members that tell the form of an answer. */
  readonly formatKeys: readonly string[];
  readonly effort: EffortPlace | undefined;
  /** `undefined` for an API without tools. */
  readonly tools: ToolsCodec | undefined;
  /** Whether the answer is to be fetched later, by another request. */
  readonly isAnsweredLater: (json: Buffer) => boolean;
  /** Whether the provider keeps the conversation: what it said there cannot be taken back. */
  readonly isKeptByProvider: (json: Buffer) => boolean;
  /** The member that has the conversation kept in a way that nothing can be put into: calls in it cannot be decided here. */
  readonly sealedBy: (json: Buffer) => string | undefined;
  /** Whether the answer is kept, so that a client may go on from it by its id. */
  readonly isStored: (json: Buffer) => boolean;
  /** The body of a question of our own, always streamed. */
  readonly question: (question: ModelQuestion, form: QuestionForm) => JsonObject;
  /** The type of the text parts of a user's message. */
  readonly textType: string;
  /** What a message of the user says of itself beside its role and its content. */
  readonly messageMarks: JsonObject;
  readonly imagePart: (image: ImagePart) => JsonObject;
  /**
   * An item of a conversation with texts for the model behind it, at least one, which neither the user nor the
   * model said. The item's own bytes stay.
   */
  readonly withContexts: (item: Buffer, texts: readonly string[]) => Items;
  /** A message of the user, the first of the items, with other words of theirs in front of it. */
  readonly withWordsBefore: (message: JsonObject | Buffer, text: string) => Items;
}

/** Items of a conversation; one that is given as bytes is written as they are. */
export type Items = readonly (JsonObject | Buffer)[];

/** Where the reasoning effort stands. */
export interface EffortPlace {
  /** The member of the body. */
  readonly key: string;
  /** Whether that is an object with the effort in it. */
  readonly isWithin: boolean;
  /** Whether a request may name one for any model; elsewhere it is read and never written. */
  readonly isForAllModels: boolean;
}
