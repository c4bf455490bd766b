import type { Tool } from '@modelcontextprotocol/client';
import type { Contents } from './contents/known-contents.ts';

/** What is known of a server without asking it. */
export interface ServerState extends Contents {
  readonly state: 'idle' | 'starting' | 'running' | 'resting';
  /** How long it is left alone from now on, in milliseconds; 0 where it is not. */
  readonly restMs: number;
  /** Which protocol it speaks: up to 2025-11-25, or since; `undefined` until it was started once. */
  readonly era: 'legacy' | 'modern' | undefined;
  /** As of when they were last asked for. */
  readonly tools: readonly Tool[] | undefined;
  readonly pid: number | undefined;
  /** The lists that have more in them than is used. */
  readonly cut: readonly string[];
  /** What went wrong last, unless something went well since. */
  readonly lastError: string | undefined;
  /** Whether its user has to sign in before anything else helps. */
  readonly wantsLogin: boolean;
  /** Whether it is our own `/mcp`, which is left out. */
  readonly isOwn: boolean;
}

/** A client at `/mcp` waits for news of all servers, used or not. */
export function wasUsed({ state, era, lastError }: ServerState): boolean {
  return state !== 'idle' || era !== undefined || lastError !== undefined;
}
