import type { ApiRequest, Client } from '../../kernel/exchange.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import type { SseFrame } from '../../kernel/sse-frame.ts';
import type { AnswerEvent } from './answer-event.ts';
import type { CallIds } from './call-id.ts';
import type { ModelRequest } from './model-request.ts';
import type { ModelTraits } from './model-traits.ts';
import type { OptionRule } from './options/option-rule.ts';
import type { Origin } from './original.ts';
import type { ToolNames } from './tool-names.ts';

/** Who gets a request that is not translated. */
export type Recipient = Pick<ModelTraits, 'provider' | 'providerModel' | 'hasOtherAddress' | 'isDirect'>;

/** The client's side of a translated call. */
export interface ClientTranslation {
  /** How the path of calls ends that can be translated, without its query string. */
  readonly path: string;
  /** Throws a CodexPlusError that names the member which no other provider could understand. */
  readonly readRequest: (body: JsonObject) => ModelRequest;
  /** Its calls for a summary, for a provider of the API itself that makes none; absent where the API has no such calls. */
  readonly summaries?: SummaryCalls;
  /** For a provider that would not notice itself what is odd in a request, or asks for what it has not. */
  readonly options: readonly OptionRule[];
  /** The same of what is no option: throws a CodexPlusError that names the member. */
  readonly refuseOdd?: (body: JsonObject) => void;
  /** Throws a CodexPlusError for a request that goes on as it came, and says nothing to which LiteLLM would not make something up. */
  readonly refuseEmpty?: (request: ApiRequest) => void;
  /** Throws a CodexPlusError that names the member which a provider of the API itself could not be asked with: asked where one was not. */
  readonly refuseFaulty?: (body: JsonObject) => void;
  /** Writes an answer's stream. `client`: whom it is for, where that is known. */
  readonly openWriter: (request: ModelRequest, nowSeconds: number, client?: Client) => TranslationWriter;
  /** An answer that is no stream. */
  readonly writeAnswer: (
    events: readonly AnswerEvent[],
    request: ModelRequest,
    nowSeconds: number,
  ) => JsonObject;
  /**
   * The request as a provider of the API itself takes it: without what answers of other providers left in it. No
   * `recipient`: nobody knows who gets it.
   */
  readonly withoutSeals: (request: ApiRequest, recipient: Recipient | undefined) => ApiRequest;
  /** A request that goes to its provider itself as the model there takes it, where LiteLLM would change it for that. */
  readonly asModelTakes?: (request: ApiRequest, traits: ModelTraits) => ApiRequest;
  /** With roles alone that the model takes: LiteLLM changes nothing of that. */
  readonly withTakenRoles?: (request: ApiRequest, traits: ModelTraits) => ApiRequest;
  /** With an effort that the model takes: LiteLLM, or the provider, refuses others. */
  readonly withTakenEffort?: (request: ApiRequest, traits: ModelTraits) => ApiRequest;
  /** What a request can do without that providers of the API may refuse, in the order in which it is tried. */
  readonly repairs: readonly Repair[];
}

/** Calls for a summary, that takes the place of a conversation. */
export interface SummaryCalls {
  /** Whether a call is one. */
  readonly isAsked: (request: ApiRequest) => boolean;
  /** The same call as one for an answer, in which the model is asked to write the summary and may call nothing. */
  readonly question: (request: ApiRequest) => ApiRequest;
  /** What it asks, without its conversation, for whoever writes its answer. */
  readonly read: (request: ApiRequest) => ModelRequest;
  /** Reads the answer of a provider to which the question went as its client wrote it. */
  readonly provider: Pick<ProviderTranslation, 'openReader' | 'readAnswer'>;
}

/** One try more, where a request was refused for what nothing in it shows before. */
export interface Repair {
  /** How providers refuse it. */
  readonly words: RegExp;
  /** For the log. */
  readonly what: string;
  /** The request without that. The same request where there is none. */
  readonly without: (request: ApiRequest) => ApiRequest;
  /** Whether the model refuses it in every conversation, so that the next ones go without at once. */
  readonly isOfModel: boolean;
}

/** The provider's side of a translated call. */
export interface ProviderTranslation {
  /** Where its API is called, below `/v1`. */
  readonly path: string;
  /** What providers of the API made, as they alone can read it, and what they say of such that they cannot read. */
  readonly blobs: { readonly origin: Origin; readonly unreadable: RegExp } | undefined;
  /** Within the provider's rules. The same conversation, gone on, begins with the same bytes. */
  readonly writeRequest: (request: ModelRequest, names: ToolNames, traits: ModelTraits) => JsonObject;
  /** Reads an answer's stream. `callIds`: of the conversation that it belongs to, where there is one. */
  readonly openReader: (names: ToolNames, traits: ModelTraits, callIds?: CallIds) => TranslationReader;
  /** What is in an answer that is no stream. */
  readonly readAnswer: (
    answer: JsonObject,
    names: ToolNames,
    traits: ModelTraits,
    callIds?: CallIds,
  ) => readonly AnswerEvent[];
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
