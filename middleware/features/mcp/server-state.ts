/** What is known of a server without asking it. */
export interface ServerState {
  readonly state: 'idle' | 'starting' | 'running' | 'resting';
  /** Which protocol it speaks: up to 2025-11-25, or since; `undefined` until it was started once. */
  readonly era: 'legacy' | 'modern' | undefined;
  /** As of when they were last asked for. */
  readonly tools: number | undefined;
  readonly pid: number | undefined;
  /** What went wrong last, unless something went well since. */
  readonly lastError: string | undefined;
}
