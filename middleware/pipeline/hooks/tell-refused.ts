import { describeRule } from '../../features/policy/describe-rule.ts';
import { visibleLine } from '../../features/trust/visible-text.ts';
import type { PermissionRule } from '../../kernel/permission-rule.ts';
import type { HookPlace } from './hook-place.ts';
import { keepForUser } from './user-messages.ts';

/** A call that its client never gets, or may not run. */
export interface RefusedCall {
  readonly place: HookPlace;
  readonly id: string;
  /** By Claude Code's name. */
  readonly tool: string;
  readonly by: 'rule' | 'mode' | 'hook' | 'nobody to ask';
  readonly rule?: PermissionRule;
}

export type TellRefused = (call: RefusedCall) => void;

/**
 * Puts refused calls into the log and counts them, without what they were called with: that may be secret. The user reads of those that
 * rules and modes refuse, behind the answer; what a hook wants read it says itself.
 */
export function createTellRefused(count: (by: RefusedCall['by']) => void): TellRefused {
  return ({ place: { log, session, hasReader }, id, tool, by, rule }) => {
    count(by);
    const why = rule === undefined ? undefined : describeRule(rule);
    log.info('a call of the model was refused', {
      ...{ session: session.id, call: id, tool, by },
      ...(why !== undefined && { rule: why }),
    });
    if (!hasReader || by === 'hook' || by === 'nobody to ask') return;
    const says = `Codex-Plus refused a call of ${visibleLine(tool, 100)}: ${visibleLine(why ?? 'the permission mode', 400)}`;
    // The model may try the same again and again.
    if (!session.forUser.includes(says)) keepForUser(session, [says]);
  };
}
