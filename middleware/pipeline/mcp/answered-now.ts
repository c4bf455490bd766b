import { callPolicyOf } from '../../features/calls/call-policy.ts';
import { decideCall } from '../../features/calls/call-rules.ts';
import type { HookAudience } from '../../features/hooks/config/project-hooks.ts';
import { StateKey } from '../../kernel/exchange-state.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';
import type { ClaudeToolUse } from '../../protocol/claude-tools/tool-mapping.ts';

/** Where a question about a call is answered, as it is configured then: it may have been asked long before. */
export interface AnsweredNow {
  readonly project: ProjectSnapshot;
  readonly audience: HookAudience;
}

/** Of an exchange whose user answers a question about a call. */
export const answeredNowKey = new StateKey<AnsweredNow>('where a question is answered');

/** Why a call that was asked about must not run any more; `undefined` where no rule denies it now. */
export function denialNow(use: ClaudeToolUse, { project, audience }: AnsweredNow): string | undefined {
  const policy = callPolicyOf({ project, session: { commandRules: [] } }, audience, 'client');
  const rules = policy.rules.filter(({ behavior }) => behavior === 'deny');
  const decision = decideCall(use, project, { ...policy, rules });
  return decision.behavior === 'deny' ? decision.reason : undefined;
}
