import { decide } from '../../policy/evaluate-rules.ts';
import { policyContextOf } from '../../policy/policy-context-of.ts';
import type { PermissionRule } from '../../../kernel/permission-rule.ts';
import type { ProjectSnapshot } from '../../../platform/config/scopes/project-snapshot.ts';
import { claudeToolName } from '../../../protocol/claude-tools/mcp-tool-name.ts';

/** Whether a rule keeps all of a server away: `mcp__notes`, `mcp__notes__*`. */
export function isServerKept(server: string, project: ProjectSnapshot): boolean {
  return keepingRule(server, project) !== undefined;
}

/** Of rules, those that keep a server or a tool of one away, whatever it is called with. */
export function keepingRules(rules: readonly PermissionRule[]): readonly PermissionRule[] {
  return rules.filter(
    ({ behavior, text }) => behavior === 'deny' && text.startsWith('mcp__') && !text.includes('('),
  );
}

/** The rule that keeps all of a server away, or one tool of it. */
export function keepingRule(server: string, project: ProjectSnapshot, tool = ''): PermissionRule | undefined {
  const rules = keepingRules(project.settings.rules);
  if (rules.length === 0) return undefined;
  const call = { kind: 'other', tool: claudeToolName(server, tool), input: {} } as const;
  const { behavior, rule } = decide(call, rules, policyContextOf(project, 'default'));
  return behavior === 'deny' ? rule : undefined;
}
