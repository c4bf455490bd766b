import type { HookOutcome } from '../answer/combine-decisions.ts';
import type { HookEvent } from '../hook-event.ts';
import { visibleLine } from '../../../kernel/visible-text.ts';

/**
 * What hooks came to, with those that could have refused and may not run because their content was changed since it
 * was allowed. Who may write in the project could switch a guard off so: a call that it is for is a question, a
 * prompt or a compaction is refused, and no other hook answers in the user's place.
 */
export function withChangedGuards(
  outcome: HookOutcome,
  event: HookEvent,
  names: readonly string[],
): HookOutcome {
  const [first] = names;
  const held = holds[event];
  if (first === undefined || held === undefined) return outcome;
  return held(
    outcome,
    `The hook that checks this was changed since you allowed it, and does not run: ${visibleLine(first, 200)}`,
  );
}

/** What helps where nobody can be asked. */
const howToAllow = 'To allow it, in the folder of the project: codex-plus trust add';

type Hold = (outcome: HookOutcome, text: string) => HookOutcome;

const refuse: Hold = (outcome, text) => ({
  ...outcome,
  refusal: outcome.refusal ?? `${text}\n${howToAllow}`,
});

const holds: Partial<Record<HookEvent, Hold>> = {
  PreToolUse: (outcome, text) =>
    outcome.permission?.behavior === 'deny' || outcome.permission?.behavior === 'defer'
      ? outcome
      : { ...outcome, permission: { behavior: 'ask', text, howToAllow } },
  PermissionRequest: ({ permissionAnswer, ...outcome }) =>
    permissionAnswer?.behavior === 'deny' ? { ...outcome, permissionAnswer } : outcome,
  UserPromptSubmit: refuse,
  UserPromptExpansion: refuse,
  PreCompact: refuse,
  Elicitation: ({ action, ...outcome }) =>
    action === undefined || action === 'accept' ? outcome : { ...outcome, action },
  ElicitationResult: refuse,
};
