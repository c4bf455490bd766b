import type { PermissionRule } from '../../kernel/permission-rule.ts';

/** What the rules say of a call; `none` when nothing decides, which is a question where somebody can be asked, else a no. */
export interface Decision {
  readonly behavior: 'allow' | 'ask' | 'deny' | 'none';
  /** The rule that decided; none when it was the mode or what is allowed without rules. */
  readonly rule?: PermissionRule;
  /** The rule refuses or asks only since it takes too long to find out whether it is about the call. */
  readonly isUntested?: true;
  /** For the model and the user, as Claude Code words it. */
  readonly reason: string;
}
