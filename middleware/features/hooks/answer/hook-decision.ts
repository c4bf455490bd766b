import type { PermissionAnswer, SpecificAnswer } from './check-answer.ts';

/** What one hook decided. A field that is absent was not decided. */
export interface HookDecision extends Omit<
  SpecificAnswer,
  'permissionDecision' | 'permissionDecisionReason' | 'decision'
> {
  /** As Claude Code names it in its log: `cancelled` is a hook that was ended at its time limit. */
  readonly outcome: 'success' | 'error' | 'cancelled';
  /** Why the hook failed. The user is told; what it was about goes ahead unless `block` or `permission` says otherwise. */
  readonly error?: string;
  /** Stops what was about to happen, or, where it has happened, tells the model. */
  readonly block?: HookBlock;
  /** Ends the turn, from `continue: false`. */
  readonly stop?: { readonly reason?: string };
  /** For PreToolUse, all ways to say it in one. */
  readonly permission?: ToolPermission;
  /** For PermissionRequest. */
  readonly permissionAnswer?: PermissionAnswer;
  /** Plain text on stdout that is meant for the model. */
  readonly text?: string;
  /** What a PreCompact hook adds to the instructions for the compaction. */
  readonly instructions?: string;
  /** For the user, never for the model. */
  readonly systemMessage?: string;
  readonly suppressOutput?: boolean;
}

export interface HookBlock {
  /** As the model or the user will read it. */
  readonly reason: string;
  /** Whether its answer said so, its exit code 2, a model's verdict, or only a failure with `onFailure: "block"`. */
  readonly cause: 'answer' | 'exit-code' | 'verdict' | 'failure';
}

export interface ToolPermission {
  readonly behavior: 'allow' | 'deny' | 'ask' | 'defer';
  readonly reason?: string;
}
