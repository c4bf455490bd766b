import type { JsonObject } from '../../kernel/json-object.ts';

/** A question of our own to a model, which begins a conversation that is no client's. */
export interface ModelQuestion {
  readonly model: string;
  readonly instructions: string;
  readonly prompt: string;
  readonly tools: readonly {
    readonly name: string;
    readonly description: string;
    readonly parameters: JsonObject;
  }[];
}

/** How a client of the Responses API writes its own requests; a model may be served in one form only. */
export interface QuestionForm {
  /** Tools and instructions are items of the conversation (Codex, for most models). */
  readonly isLite: boolean;
  /** Reasoning comes encrypted, to be sent back. */
  readonly keepsReasoning: boolean;
}
