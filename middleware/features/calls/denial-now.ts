import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';
import type { ClaudeToolUse } from '../../protocol/claude-tools/tool-mapping.ts';
import type { HookAudience } from '../hooks/config/project-hooks.ts';
import { callPolicyOf } from './call-policy.ts';
import { decideCall } from './call-rules.ts';

interface WhereNow {
  readonly project: ProjectSnapshot;
  readonly audience: HookAudience;
}

/** Why a call that was asked about must not run any more; `undefined` where no rule denies it now. */
export function denialNow(use: ClaudeToolUse, { project, audience }: WhereNow): string | undefined {
  const policy = callPolicyOf({ project, session: { commandRules: [] } }, audience, 'client');
  const rules = policy.rules.filter(({ behavior }) => behavior === 'deny');
  const decision = decideCall(use, project, { ...policy, rules });
  return decision.behavior === 'deny' ? decision.reason : undefined;
}
