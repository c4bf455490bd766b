import type { Scope } from '../../../kernel/config-source.ts';
import type { PermissionRule } from '../../../kernel/permission-rule.ts';
import { likelyTool } from '../../../protocol/claude-tools/likely-tool.ts';
import { namesServer } from './mcp-rules.ts';
import { parseRule } from './rule-syntax.ts';

const owners: Readonly<Record<Scope, string>> = {
  enterprise: 'the enterprise settings',
  cli: 'the command line',
  local: "the project's local settings",
  project: "the project's shared settings",
  user: "the user's settings",
};

/** A rule in one sentence: what it says, who wrote it where, and whether it can match anything, or could not be tested. */
export function describeRule(rule: PermissionRule, isUntested = false): string {
  const { source, behavior, text } = rule;
  const where = source.scope === 'cli' ? owners.cli : `${ownerOf(source)} (${source.file})`;
  const problem = ruleProblem(rule);
  const rest = isUntested ? ', which could not be tested in time' : '';
  return `${behavior} rule ${text} of ${where}${problem === undefined ? rest : `, which matches nothing: ${problem}`}`;
}

/** Commands, skills and agents bring rules in their front matter, settings are never Markdown. */
function ownerOf({ scope, file }: PermissionRule['source']): string {
  return file.endsWith('.md') ? 'the front matter of a command' : owners[scope];
}

/** Why a rule likely never matches, with what it is likely meant to be; `undefined` for one that looks right. */
export function ruleHint(rule: PermissionRule): string | undefined {
  const problem = ruleProblem(rule);
  if (problem !== undefined) return problem;
  const [name = ''] = /^[^(]+/.exec(rule.text) ?? [];
  const meant = likelyTool(name);
  return meant === undefined
    ? undefined
    : `no tool is called ${name}; ${meant}${rule.text.slice(name.length)} is likely meant`;
}

/** Why a rule can never match; `undefined` for one that can. */
export function ruleProblem({ text, behavior }: PermissionRule): string | undefined {
  const syntax = parseRule(text);
  if (syntax === undefined)
    return 'write Tool or Tool(what it is about), one rule a line, without spaces around it';
  const { tool, spec } = syntax;
  if (tool === 'Bash' && (spec === '' || spec === ':*'))
    return 'leave the parentheses away to mean every command';
  if (spec !== undefined && /^(?:MultiEdit|Write|NotebookEdit)$/.test(tool))
    return `paths of all tools that change files are written as Edit(${spec})`;
  if (spec !== undefined && /^(?:Grep|Glob|LS)$/.test(tool))
    return `paths of all tools that read files are written as Read(${spec})`;
  if (behavior === 'allow' && tool.startsWith('mcp__') && !namesServer(tool))
    return 'an allow rule has to name the server';
  return undefined;
}
