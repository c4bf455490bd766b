import type { JsonObject } from '../../kernel/json-object.ts';
import type { Original } from './original.ts';

/**
 * What a client asks of a model, in the words of no API: what one API's request is read into and another's is
 * written from. A member that is `undefined` was not said, and is left to the provider.
 */
export interface ModelRequest {
  readonly model: string;
  readonly isStreamed: boolean;
  /** The conversation in its order, instructions among it. */
  readonly entries: readonly Entry[];
  /** In the order in which the client has them. */
  readonly tools: readonly Tool[];
  /** The types of tools that are not offered, since the client's provider would run them, or nobody knows who. */
  readonly leftOutTools: readonly string[];
  readonly toolChoice: ToolChoice | undefined;
  /** Whether the model may call several tools at once. */
  readonly parallelCalls: boolean | undefined;
  readonly reasoning: Reasoning | undefined;
  readonly format: AnswerFormat | undefined;
  readonly maxOutputTokens: number | undefined;
  readonly temperature: number | undefined;
  readonly topP: number | undefined;
  readonly stops: readonly string[] | undefined;
  /** Names requests that share a beginning, for caches of providers. */
  readonly cacheKey: string | undefined;
  /** Whether a client that speaks a streaming API with usage at its end asked for it; others always get it. */
  readonly wantsUsage: boolean;
}

export interface Reasoning {
  /** `none`, `minimal`, `low`, `medium`, `high`, `xhigh`, `max`, or what else the client says. */
  readonly effort: string | undefined;
  /** Tokens to think with, where the client counts them instead of naming an effort. */
  readonly budgetTokens: number | undefined;
  /** Whether the client wants to see what is thought. */
  readonly isShown: boolean;
}

/** The form that the answer's text has to have. */
export interface AnswerFormat {
  /** `undefined`: any JSON object. */
  readonly schema: JsonObject | undefined;
  readonly name: string | undefined;
  readonly isStrict: boolean | undefined;
}

export type ToolChoice =
  | { readonly kind: 'none' }
  /** `among`: those that may be called at all; absent where all may. */
  | { readonly kind: 'auto' | 'any'; readonly among?: readonly AllowedTool[] }
  | { readonly kind: 'tool'; readonly tool: NamedTool };

/** One that may be called, or, without a name, all of a group. */
export type AllowedTool = Pick<ToolName, 'namespace'> & Partial<Pick<ToolName, 'name'>>;

/** A tool as its client knows it. */
export interface ToolName {
  /** The group that it belongs to, where the client's API has groups. */
  readonly namespace: string | undefined;
  readonly name: string;
}

/** A tool as a call names it. */
export interface NamedTool extends ToolName {
  readonly kind: CallKind;
}

/** A tool that the client runs. What a provider would run itself is none, and is left out when a request is read. */
export interface Tool extends NamedTool {
  readonly description: string;
  /** A JSON schema of an object; of a `custom` tool, whose input is a text, `undefined`. */
  readonly parameters: JsonObject | undefined;
  readonly isStrict: boolean | undefined;
  /** What the text of a `custom` tool has to look like, as the client's API says it. */
  readonly grammar: Grammar | undefined;
}

export interface Grammar {
  /** `lark` or `regex`. */
  readonly syntax: string;
  readonly definition: string;
}

/**
 * How a call stands in the client's API: `function` with JSON arguments, `custom` with a text, `search` looks for
 * tools that were not listed, `local_shell` is a command in the client's shell.
 */
export type CallKind = 'function' | 'custom' | 'search' | 'local_shell';

export type Entry =
  | InstructionsEntry
  | UserEntry
  | SaidEntry
  | ReasoningEntry
  | CallEntry
  | ResultEntry
  | SummaryEntry
  | CompactEntry;

/** What neither the user nor the model says: system and developer messages, also in the midst of a conversation. */
export interface InstructionsEntry {
  readonly kind: 'instructions';
  readonly texts: readonly string[];
}

export interface UserEntry {
  readonly kind: 'user';
  readonly parts: readonly ContentPart[];
}

/** A text of the model. */
export interface SaidEntry {
  readonly kind: 'said';
  readonly text: string;
}

export interface ReasoningEntry {
  readonly kind: 'reasoning';
  /** What the client was shown of it; may be empty. */
  readonly text: string;
  /** What its provider needs to have back. `undefined` for reasoning of a provider whose form we cannot read. */
  readonly original: Original | undefined;
}

export interface CallEntry extends ToolName {
  readonly kind: 'call';
  readonly callKind: CallKind;
  readonly callId: string;
  /** Of a `custom` call its text, of all others JSON. */
  readonly input: string;
}

export interface ResultEntry {
  readonly kind: 'result';
  readonly callId: string;
  readonly parts: readonly ContentPart[];
  readonly isError: boolean;
  /** Of a `search`: what was found, to be offered from here on. */
  readonly foundTools: readonly Tool[];
}

/** What a conversation was about before it was compacted. */
export interface SummaryEntry {
  readonly kind: 'summary';
  /** `undefined` where another provider compacted it in a form that only it can read. */
  readonly text: string | undefined;
}

/** Asks for a summary of all that stands before it instead of an answer. */
export interface CompactEntry {
  readonly kind: 'compact';
}

export type ContentPart =
  | TextContent
  | ImageContent
  | {
      readonly kind: 'file';
      readonly name: string | undefined;
      readonly mediaType: string;
      readonly data: string;
    };

export interface TextContent {
  readonly kind: 'text';
  readonly text: string;
  /** Where it stands in the place of a part that no other provider takes: the type of that. */
  readonly leftOut?: string;
}

/** A picture by its bytes or by its address. */
export interface ImageContent {
  readonly kind: 'image';
  /** `image/png` …; `undefined` with an address. */
  readonly mediaType: string | undefined;
  /** Base64. */
  readonly data: string | undefined;
  readonly url: string | undefined;
  /** OpenAI's word for how closely to look. */
  readonly detail: string | undefined;
}
