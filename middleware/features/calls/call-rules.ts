import type { Decision } from '../policy/decision.ts';
import { decide } from '../policy/evaluate-rules.ts';
import type { PermissionMode } from '../policy/permission-mode.ts';
import type { PolicyContext } from '../policy/policy-context.ts';
import { ruleAboutUnread } from '../policy/unread-calls.ts';
import { policyCallOf } from '../policy/policy-call.ts';
import type { ConfigSource } from '../../kernel/config-source.ts';
import type { PermissionRule } from '../../kernel/permission-rule.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';
import { unreadToolsIn } from '../../protocol/claude-tools/code-mapping.ts';
import type { CallPolicy } from './call-policy.ts';
import { policyContextOf } from '../policy/policy-context-of.ts';
import type { ClaudeToolUse } from '../../protocol/claude-tools/tool-mapping.ts';

/**
 * Whether a permission rule is about a call, as a hook's `if` asks: of a compound line one part is enough. Of a
 * line that cannot be read whole it may be, and a hook that stands guard has to see it.
 */
export function isAboutCall(rule: string, call: ClaudeToolUse, project: ProjectSnapshot): boolean {
  const source: ConfigSource = { scope: 'cli', family: 'claude', file: 'if', baseDir: project.workspace };
  const denying: PermissionRule = { behavior: 'deny', text: rule, source };
  const context = inShellOf(call, policyContextOf(project, 'default'));
  const { behavior } = decide(policyCallOf(call.tool, call.input, call.mcp), [denying], context);
  return behavior === 'deny' || behavior === 'ask';
}

/**
 * What rules and the mode say of a call of the model. In the mode `dontAsk` a question stays one, so that hooks may
 * answer it. Code is a question where a rule could be about what cannot be read in it.
 */
export function decideCall(
  call: ClaudeToolUse,
  project: ProjectSnapshot,
  { rules, mode, directories }: CallPolicy,
): Decision {
  const { tool, input, mcp } = call;
  const settings = { ...project.settings, additionalDirectories: directories };
  const known = mode === 'dontAsk' ? 'default' : mode;
  const context = inShellOf(call, policyContextOf({ ...project, settings }, known));
  const decision = decide(policyCallOf(tool, input, mcp), rules, context);
  if (decision.behavior === 'deny' || decision.behavior === 'ask') return decision;
  const reason = doubtAbout(call, rules, mode);
  return reason === undefined ? decision : { behavior: 'ask', reason };
}

function inShellOf({ shell }: ClaudeToolUse, context: PolicyContext): PolicyContext {
  return shell === undefined ? context : { ...context, shell };
}

function doubtAbout(
  { input, isCode, isPartial }: ClaudeToolUse,
  rules: readonly PermissionRule[],
  mode: PermissionMode,
): string | undefined {
  const whatMatters = (tools: readonly string[] | 'any'): string | undefined => {
    if (mode === 'plan') return 'plan mode changes nothing';
    const rule = ruleAboutUnread(tools, rules);
    return rule && `the ${rule.behavior} rule ${rule.text} may be about it`;
  };
  const aboutShell = isPartial === true ? whatMatters(['Bash']) : undefined;
  if (aboutShell !== undefined)
    return `What is typed is no whole line, so that nobody knows what becomes of it, and ${aboutShell}. Lines that end with a line break are checked one by one.`;
  const code = input['input'];
  if (isCode !== true || typeof code !== 'string') return undefined;
  const tools = unreadToolsIn(code);
  const why = whatMatters(tools);
  if (why === undefined) return undefined;
  const what = tools === 'any' ? 'Which tools this code calls' : 'What this code calls its tools with';
  return `${what} is only known when it runs, and ${why}. Calls that are written out, like tools.exec_command({cmd: "ls"}), are checked one by one.`;
}
