import type { Decision } from '../../features/policy/decision.ts';
import { decide } from '../../features/policy/evaluate-rules.ts';
import { toolCallOf, type ToolInput } from '../../features/policy/tool-call.ts';
import type { ConfigSource } from '../../kernel/config-source.ts';
import type { PermissionRule } from '../../kernel/permission-rule.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';
import type { CallPolicy } from './call-policy.ts';
import { policyContextOf } from '../policy-context-of.ts';

/** A call in the words of Claude Code's tools. */
export interface NamedCall {
  readonly tool: string;
  readonly input: ToolInput;
}

/** Whether a permission rule is about a call, as a hook's `if` asks: of a compound line one part is enough. */
export function isAboutCall(rule: string, { tool, input }: NamedCall, project: ProjectSnapshot): boolean {
  const source: ConfigSource = { scope: 'cli', family: 'claude', file: 'if', baseDir: project.workspace };
  const denying: PermissionRule = { behavior: 'deny', text: rule, source };
  return decide(toolCallOf(tool, input), [denying], policyContextOf(project, 'default')).behavior === 'deny';
}

/** What rules and the mode say of a call of the model. In the mode `dontAsk` a question stays one, so that hooks may answer it. */
export function decideCall(
  { tool, input }: NamedCall,
  project: ProjectSnapshot,
  { rules, mode, directories }: CallPolicy,
): Decision {
  const settings = { ...project.settings, additionalDirectories: directories };
  const context = policyContextOf({ ...project, settings }, mode === 'dontAsk' ? 'default' : mode);
  return decide(toolCallOf(tool, input), rules, context);
}
