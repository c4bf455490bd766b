import type {
  CallToolResult,
  InputRequiredResult,
  Prompt,
  Resource,
  ResourceTemplateType,
  ResultTypeMap,
  ServerCapabilities,
  Tool,
} from '@modelcontextprotocol/client';
import type { JsonObject } from '../../kernel/json-object.ts';
import type { CallerUnderWay } from './client/callers-under-way.ts';

/** One connection of one server, from its start to its end. */
export interface Connection {
  /** Which protocol it speaks: up to 2025-11-25, or since. */
  readonly era: 'legacy' | 'modern';
  /** Whether the server keeps a session for us, which it may forget. */
  readonly hasSession: boolean;
  /** Asks the server for a sign of life: whether it says that it does not know our session. Never rejects. */
  readonly isForgotten: () => Promise<boolean>;
  /** `undefined` where no process is ours. */
  readonly pid: number | undefined;
  readonly capabilities: ServerCapabilities;
  /** How the server says that it is to be used, for models. */
  readonly instructions: string | undefined;
  /** Those of the server; asked for again once it says that they changed. Empty where it has none, as all lists. */
  readonly tools: (signal: AbortSignal) => Promise<readonly Tool[]>;
  /** As they were a minute ago at most, unless the server said that they changed: a call does not wait for the list each time. */
  readonly recentTools: (signal: AbortSignal) => Promise<readonly Tool[]>;
  readonly prompts: (signal: AbortSignal) => Promise<readonly Prompt[]>;
  readonly resources: (signal: AbortSignal) => Promise<readonly Resource[]>;
  readonly templates: (signal: AbortSignal) => Promise<readonly ResourceTemplateType[]>;
  /** `maxTokens`: how much of the result is shown; the rest may be missing. */
  readonly call: (
    tool: string,
    input: JsonObject,
    signal: AbortSignal,
    maxTokens?: number,
  ) => Promise<CallToolResult>;
  /** Asks the server something for a client of ours, whose answers to what the server wants to know come with it. */
  readonly forward: <Method extends ForwardedMethod>(
    method: Method,
    params: JsonObject,
    caller: Forwarding,
  ) => Promise<ResultTypeMap[Method] | InputRequiredResult>;
  /** Has the server tell of changes of a resource until the signal is aborted; rejects when the connection ends. */
  readonly watchResource: (uri: string, signal: AbortSignal, onBegun: () => void) => Promise<void>;
  /** Resolves with how it ended, whoever ended it; never rejects. */
  readonly closed: Promise<string>;
  /** Ends the server where it is a process of ours, or what it left behind; resolves when all of it has ended. */
  readonly close: () => Promise<void>;
}

/** What is passed on for clients of ours as they ask it. */
export type ForwardedMethod = 'tools/call' | 'prompts/get' | 'resources/read' | 'completion/complete';

/** For whom something is passed on. */
export interface Forwarding extends CallerUnderWay {
  readonly signal: AbortSignal;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** How long the server has for it, where that is not as long as for any call. */
  readonly timeoutMs?: number;
  /** How much of the result is shown; the rest may be missing. All of it is, where it is left out. */
  readonly maxTokens?: number | undefined;
}

export interface Progress {
  readonly progress: number;
  readonly total?: number | undefined;
  readonly message?: string | undefined;
}

/** What a server tells by itself. */
export type ServerEvent =
  { readonly kind: 'changed'; readonly what: ListName } | { readonly kind: 'updated'; readonly uri: string };

export type ListName = 'tools' | 'prompts' | 'resources';
