import type { PermissionRule } from '../../kernel/permission-rule.ts';
import { ruleProblem } from './rules/describe-rule.ts';
import { matchesMcpTool } from './rules/mcp-rules.ts';
import { parseRule, type RuleSyntax } from './rules/rule-syntax.ts';

/**
 * The first rule that denies or asks and could be about a call whose input nobody can read. `tools`: those that it
 * may be a use of, by Claude Code's names; `any`: whatever a client has.
 */
export function ruleAboutUnread(
  tools: readonly string[] | 'any',
  rules: readonly PermissionRule[],
): PermissionRule | undefined {
  return rules.find((rule) => {
    const syntax = parseRule(rule.text);
    if (rule.behavior === 'allow' || syntax === undefined || ruleProblem(rule) !== undefined) return false;
    return tools === 'any' ? isReached(syntax) : tools.some((tool) => mayBeAbout(syntax, tool));
  });
}

/** What calls of other clients come to of Claude Code's own tools; their other tools are not written with capitals. */
const reached: ReadonlySet<string> = new Set(['Bash', 'Read', 'Edit', 'Write']);

function isReached({ tool }: RuleSyntax): boolean {
  return reached.has(tool) || !/^[A-Z]/.test(tool);
}

function mayBeAbout({ tool: about, spec }: RuleSyntax, tool: string): boolean {
  if (about === tool || matchesMcpTool(about, tool)) return true;
  // Rules with a path are about every tool that reads or changes files, and about shell lines.
  if (spec === undefined) return false;
  return about === 'Edit' ? tool === 'Write' || tool === 'Bash' : about === 'Read' && tool === 'Bash';
}
