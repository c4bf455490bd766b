import { decide } from '../../policy/evaluate-rules.ts';
import { policyContextOf } from '../../policy/policy-context-of.ts';
import type { ProjectSnapshot } from '../../../platform/config/scopes/project-snapshot.ts';
import { claudeToolName } from '../../../protocol/claude-tools/mcp-tool-name.ts';

/** Whether a rule keeps all of a server away: `mcp__notes`, `mcp__notes__*`. */
export function isServerKept(server: string, project: ProjectSnapshot): boolean {
  const rules = project.settings.rules.filter(
    ({ behavior, text }) => behavior === 'deny' && text.startsWith('mcp__') && !text.includes('('),
  );
  if (rules.length === 0) return false;
  const call = { kind: 'other', tool: claudeToolName(server, ''), input: {} } as const;
  return decide(call, rules, policyContextOf(project, 'default')).behavior === 'deny';
}
