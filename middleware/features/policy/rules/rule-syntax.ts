import type { PermissionRule } from '../../../kernel/permission-rule.ts';

/** A rule taken apart: `Tool` or `Tool(spec)`. */
export interface RuleSyntax {
  readonly tool: string;
  readonly spec: string | undefined;
}

export interface ActiveRule extends RuleSyntax {
  readonly rule: PermissionRule;
  /** What later rules of the same file and kind take out of it again: `!k.key`. */
  readonly exceptions: readonly string[];
}

/** Takes a rule's text apart; `undefined` for one that is malformed, has spaces around it or is several in one. */
export function parseRule(text: string): RuleSyntax | undefined {
  const match = /^([^\s(),]+)(?:\(([^]*)\))?$/.exec(text);
  if (match === null) return undefined;
  const [, name = '', spec] = match;
  // A parenthesis in it may be written with a backslash.
  return { tool: name === 'Task' ? 'Agent' : name, spec: spec?.replace(/\\([()])/g, '$1') };
}

/** The rules that can match something, in their order. */
export function activeRules(rules: readonly PermissionRule[]): readonly ActiveRule[] {
  const active = rules.flatMap((rule) => {
    const syntax = parseRule(rule.text);
    return syntax === undefined ? [] : [{ ...syntax, rule }];
  });
  const taking = active
    .map((one, index) => ({ ...one, index }))
    .filter(({ tool, spec }) => (tool === 'Read' || tool === 'Edit') && spec?.startsWith('!') === true);
  return active.map((one, index) => ({
    ...one,
    exceptions: taking
      .filter((other) => other.index > index && other.tool === one.tool && isOfOneList(other.rule, one.rule))
      .map(({ spec = '' }) => spec.slice(1)),
  }));
}

/** Of another file, it could take out what somebody else denies. */
function isOfOneList(one: PermissionRule, other: PermissionRule): boolean {
  return (
    one.behavior === other.behavior &&
    one.source.scope === other.source.scope &&
    one.source.file === other.source.file
  );
}

/** Whether a rule is about a whole tool, whatever it is called with. */
export function isWholeTool({ spec }: RuleSyntax): boolean {
  return spec === undefined || spec === '*';
}
