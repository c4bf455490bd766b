import type { PermissionRule } from '../../kernel/permission-rule.ts';
import type { Decision } from './decision.ts';
import { describeRule } from './rules/describe-rule.ts';
import type { Examination } from './examination.ts';
import { examineFileCall } from './examine-file-call.ts';
import { examineShellCall } from './examine-shell-call.ts';
import { examineFetchCall, examineOtherCall } from './examine-tool-call.ts';
import type { PolicyContext } from './policy-context.ts';
import { reasons } from './reasons.ts';
import { activeRules, isWholeTool, type ActiveRule } from './rules/rule-syntax.ts';
import { toolNameOf, type PolicyCall } from './policy-call.ts';

/**
 * What the rules of all sources together say of a call: a rule that denies wins over one that asks, and that over one that
 * allows. What no rule decides is left to the mode.
 */
export function decide(call: PolicyCall, rules: readonly PermissionRule[], context: PolicyContext): Decision {
  const active = activeRules([...rules, ...(context.extraRules ?? [])]);
  const untested = new Set<unknown>();
  const examination = examine(call, { ...context, onUntested: (rule) => untested.add(rule) });
  const decision = byRules(call, active, examination);
  const told = untested.has(decision.rule) ? untestedBy(decision, call) : decision;
  return inMode(told, call, examination, context);
}

function untestedBy(decision: Decision, call: PolicyCall): Decision {
  const { rule, behavior } = decision;
  if (rule === undefined || behavior === 'allow') return decision;
  const reason = reasons.untested(toolNameOf(call), describeRule(rule));
  return { ...decision, isUntested: true, reason };
}

function byRules(call: PolicyCall, active: readonly ActiveRule[], examination: Examination): Decision {
  const tool = toolNameOf(call);
  const by = (behavior: PermissionRule['behavior']): readonly ActiveRule[] =>
    active.filter(({ rule }) => rule.behavior === behavior);
  const isAboutAll = (one: ActiveRule): boolean => one.tool === tool && isWholeTool(one);

  const whole = by('deny').find(isAboutAll);
  if (whole !== undefined) return { behavior: 'deny', rule: whole.rule, reason: reasons.noSuchTool(tool) };
  const denying = by('deny').find(examination.isTouchedBy);
  if (denying !== undefined)
    return { behavior: 'deny', rule: denying.rule, reason: examination.deniedReason(denying) };

  const asking = by('ask').find((one) => isAboutAll(one) || examination.isTouchedBy(one));
  if (asking !== undefined) return { behavior: 'ask', rule: asking.rule, reason: examination.askedReason };
  const doubt = examination.doubt([...by('deny'), ...by('ask')]);
  if (doubt !== undefined) return { behavior: 'ask', reason: doubt };

  const allowance = examination.allowance(by('allow'));
  if (!allowance.allowed) return { behavior: 'none', reason: allowance.reason };
  const { rule } = allowance;
  return rule === undefined
    ? { behavior: 'allow', reason: 'Nothing in it needs a permission' }
    : { behavior: 'allow', rule, reason: `Allowed by the ${describeRule(rule)}` };
}

function inMode(
  decision: Decision,
  call: PolicyCall,
  examination: Examination,
  { mode }: PolicyContext,
): Decision {
  const { behavior } = decision;
  const tool = toolNameOf(call);
  switch (mode) {
    case 'default':
    case 'acceptEdits':
      return decision;
    case 'bypassPermissions':
      return behavior === 'none'
        ? { behavior: 'allow', reason: 'Allowed by the mode bypassPermissions' }
        : decision;
    case 'plan':
      return inPlanMode(decision, tool, examination);
    case 'dontAsk':
      return behavior === 'none' || behavior === 'ask'
        ? { ...decision, behavior: 'deny', reason: reasons.dontAskMode(tool) }
        : decision;
  }
}

/** What is seen to change files is refused, and what may do so where nobody sees it is a question. */
function inPlanMode(decision: Decision, tool: string, { changesFiles, hiddenChange }: Examination): Decision {
  const { behavior } = decision;
  if (behavior !== 'deny' && changesFiles) return { behavior: 'deny', reason: reasons.planMode(tool) };
  if (behavior === 'deny' || behavior === 'ask' || hiddenChange === undefined) return decision;
  return { behavior: 'ask', reason: hiddenChange };
}

function examine(call: PolicyCall, context: PolicyContext): Examination {
  switch (call.kind) {
    case 'shell':
      return examineShellCall(call, context);
    case 'file':
    case 'search':
      return examineFileCall(call, context);
    case 'fetch':
      return examineFetchCall(call.url, call.input ?? {});
    case 'other':
      return examineOtherCall({ ...call, tool: toolNameOf(call) }, context.servers);
  }
}
