import type { JsonObject } from '../../kernel/json-object.ts';
import type { PromptPart } from './prompt-part.ts';

/** A question of our own to a model, which begins a conversation that is no client's. */
export interface ModelQuestion {
  readonly model: string;
  readonly instructions: string;
  readonly messages: readonly QuestionMessage[];
  /** `undefined`: as long as the model likes, where the API lets it. */
  readonly maxTokens?: number | undefined;
  readonly tools: readonly {
    readonly name: string;
    readonly description: string;
    readonly parameters: JsonObject;
  }[];
}

/** What somebody said in it. */
export type QuestionMessage =
  | { readonly role: 'user'; readonly parts: readonly PromptPart[] }
  | { readonly role: 'assistant'; readonly text: string };

/** How a client of the Responses API writes its own requests; a model may be served in one form only. */
export interface QuestionForm {
  /** Tools and instructions are items of the conversation (Codex, for most models). */
  readonly isLite: boolean;
  /** Reasoning comes encrypted, to be sent back. */
  readonly keepsReasoning: boolean;
  /** Whether a limit for the answer may be named: the ChatGPT backend takes none. */
  readonly takesLimit: boolean;
}
