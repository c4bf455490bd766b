import type { CallToolResult } from '@modelcontextprotocol/client';
import type { JsonObject } from '../../../kernel/json-object.ts';
import type { AskPermission } from './ask-permission.ts';

/** A call of a client at a server's tool. */
export interface GuardedCall {
  /** Ours: clients give none that could be told apart. */
  readonly id: string;
  readonly server: string;
  readonly tool: string;
  readonly input: JsonObject;
}

/** What rules and hooks make of the calls of one client. */
export interface CallGuard {
  /** Whether rules keep all calls of a tool from the client, whatever they are called with: it is not offered then. */
  readonly isDenied: (server: string, tool: string) => boolean;
  /** The rules that say so, as they are written. */
  readonly denials: readonly string[];
  /** Before a call runs: what it runs with, or the reason why it does not. */
  readonly before: (
    call: GuardedCall,
    on: { readonly signal: AbortSignal; readonly ask: AskPermission | undefined },
  ) => Promise<{ readonly input: JsonObject } | { readonly refused: string }>;
  /** Behind it: the result as the client gets it. */
  readonly after: (call: GuardedCall, result: CallToolResult, on: Finished) => Promise<CallToolResult>;
}

export interface Finished {
  readonly durationMs: number;
  readonly signal: AbortSignal;
}
