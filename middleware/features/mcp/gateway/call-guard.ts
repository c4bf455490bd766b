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
  /** Why rules deny a call, whatever was said of it before; `undefined` where none does. */
  readonly denial: (call: GuardedCall) => string | undefined;
  /** Before a call runs: what it runs with, or the reason why it does not. */
  readonly before: (
    call: GuardedCall,
    on: Deciding,
  ) => Promise<{ readonly input: JsonObject } | { readonly refused: string }>;
  /** Behind it: the result as the client gets it. */
  readonly after: (call: GuardedCall, result: CallToolResult, on: Finished) => Promise<CallToolResult>;
}

export interface Deciding {
  readonly signal: AbortSignal;
  readonly ask: AskPermission | undefined;
  /** Why a call with such an input does not run after a yes: what is configured by then counts. */
  readonly lookAgain: (input: JsonObject) => Promise<string | undefined>;
}

export interface Finished {
  readonly durationMs: number;
  readonly signal: AbortSignal;
}
