import { describeRule } from '../../features/policy/rules/describe-rule.ts';
import { visibleLine } from '../../kernel/visible-text.ts';
import type { PermissionRule } from '../../kernel/permission-rule.ts';
import type { HookPlace } from '../../features/hooks/sessions/hook-place.ts';
import { keepForUser } from './user-messages.ts';

/** A call that its client never gets, or may not run. */
export interface Refusal {
  readonly place: HookPlace;
  readonly id: string;
  /** By Claude Code's name. */
  readonly tool: string;
  readonly by: 'rule' | 'mode' | 'hook' | 'nobody to ask';
  readonly rule?: PermissionRule;
  /** The rule could not be tested in time. */
  readonly isUntested?: true | undefined;
}

export type TellRefused = (call: Refusal) => void;

/** So many refused calls of an answer have a line of their own in the log; one answer may hold tens of thousands. */
const maxLines = 20;

/**
 * Puts refused calls into the log and counts them, without what they were called with: that may be secret. Of many
 * in one answer the log tells the number, each time that it has doubled. The user reads of those that rules and
 * modes refuse, behind the answer; what a hook wants read it says itself.
 */
export function createTellRefused(count: (by: Refusal['by']) => void): TellRefused {
  // A place is that of one exchange.
  const refusedIn = new WeakMap<HookPlace, number>();
  return ({ place, id, tool, by, rule, isUntested }) => {
    const { log, session, hasReader } = place;
    count(by);
    const refused = (refusedIn.get(place) ?? 0) + 1;
    refusedIn.set(place, refused);
    const why = rule === undefined ? undefined : describeRule(rule, isUntested);
    if (refused <= maxLines) {
      log.info('a call of the model was refused', {
        ...{ session: session.id, call: id, tool, by },
        ...(why !== undefined && { rule: why }),
      });
    } else if (Number.isInteger(Math.log2(refused / maxLines))) {
      log.info('many calls of the model were refused in one answer', { session: session.id, refused });
    }
    if (!hasReader || by === 'hook' || by === 'nobody to ask') return;
    const says = `Codex-Plus refused a call of ${visibleLine(tool, 100)}: ${visibleLine(why ?? 'the permission mode', 400)}`;
    // The model may try the same again and again.
    if (!session.forUser.includes(says)) keepForUser(session, [says]);
  };
}
