import type { CallToolResult, Prompt, Resource, Tool } from '@modelcontextprotocol/client';
import type { JsonObject } from '../../kernel/json-object.ts';

/** One connection of one server, from its start to its end. */
export interface Connection {
  /** Which protocol it speaks: up to 2025-11-25, or since. */
  readonly era: 'legacy' | 'modern';
  /** `undefined` where no process is ours. */
  readonly pid: number | undefined;
  /** Those of the server; asked for again once it says that they changed. */
  readonly tools: (signal: AbortSignal) => Promise<readonly Tool[]>;
  readonly resources: (signal: AbortSignal) => Promise<readonly Resource[]>;
  readonly prompts: (signal: AbortSignal) => Promise<readonly Prompt[]>;
  readonly call: (tool: string, input: JsonObject, signal: AbortSignal) => Promise<CallToolResult>;
  /** Resolves with how it ended, whoever ended it; never rejects. */
  readonly closed: Promise<string>;
  /** Ends the server where it is a process of ours, or what it left behind; resolves when all of it has ended. */
  readonly close: () => Promise<void>;
}
