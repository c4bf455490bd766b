import type { PermissionRule } from '../../kernel/permission-rule.ts';

/** A rule taken apart: `Tool` or `Tool(spec)`. */
export interface RuleSyntax {
  readonly tool: string;
  readonly spec: string | undefined;
}

export interface ActiveRule extends RuleSyntax {
  readonly rule: PermissionRule;
}

/** Takes a rule's text apart; `undefined` for one that is malformed, has spaces around it or is several in one. */
export function parseRule(text: string): RuleSyntax | undefined {
  const match = /^([^\s(),]+)(?:\(([^]*)\))?$/.exec(text);
  if (match === null) return undefined;
  const [, name = '', spec] = match;
  return { tool: name === 'Task' ? 'Agent' : name, spec };
}

/** The rules that can match something, in their order. */
export function activeRules(rules: readonly PermissionRule[]): readonly ActiveRule[] {
  return rules.flatMap((rule) => {
    const syntax = parseRule(rule.text);
    return syntax === undefined ? [] : [{ ...syntax, rule }];
  });
}

/** Whether a rule is about a whole tool, whatever it is called with. */
export function isWholeTool({ spec }: RuleSyntax): boolean {
  return spec === undefined || spec === '*';
}
