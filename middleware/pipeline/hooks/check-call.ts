import type { JsonObject } from '../../kernel/json-object.ts';
import type { HookOutcome } from '../../features/hooks/answer/combine-decisions.ts';
import type { HookToolUse } from '../../features/hooks/hook-event-fields.ts';
import { describeRule } from '../../features/policy/rules/describe-rule.ts';
import { needsNoPermission } from '../../features/policy/free-tools.ts';
import { reasons } from '../../features/policy/reasons.ts';
import type { Decision } from '../../features/policy/decision.ts';
import { decideCall } from '../../features/calls/call-rules.ts';
import type { CallPolicy } from '../../features/calls/call-policy.ts';
import { callQuestion } from '../../features/calls/call-question.ts';
import { turnKey, type HookPlace } from '../../features/hooks/sessions/hook-place.ts';
import type { HookExchange, RunHooks } from './hook-runner.ts';
import type { Refusal, TellRefused } from './tell-refused.ts';
import type { TrustedPolicy } from './trusted-policy.ts';
import type { CallVerdict } from '../call-checks.ts';
import type { ClaudeToolUse } from '../../protocol/claude-tools/tool-mapping.ts';

export interface CheckCallParts {
  readonly run: RunHooks;
  readonly trustedPolicy: TrustedPolicy;
  readonly tellRefused: TellRefused;
}

/** What a call is decided by. */
export interface CallContext {
  readonly place: HookPlace;
  /** Of a call that is several in Claude Code's words, one of them. */
  readonly named: ClaudeToolUse;
  readonly id: string;
  readonly policy: CallPolicy;
  readonly on: HookExchange;
}

/**
 * Decides a call by hooks and rules, in Claude Code's order: PreToolUse hooks first, which may refuse it or change
 * it; then the rules and the mode, which a hook's leave does not override; and where either asks, PermissionRequest
 * hooks before the user. What none of them decides is allowed, for the client asks its own user; unless undecided
 * calls are to be asked about here.
 */
export async function checkCall(
  checked: CallContext,
  { run, trustedPolicy, tellRefused }: CheckCallParts,
): Promise<CallVerdict> {
  const { place, named, id, on } = checked;
  const policy = await trustedPolicy(checked.policy, place);
  const outcome = await run(place, 'PreToolUse', { call: hookCall(named, id) }, on);
  keepForResult(outcome, checked);
  const refusal = refusalOf(outcome);
  if (refusal !== undefined) {
    tellRefused({ place, id, tool: named.tool, by: 'hook' });
    return refusal;
  }
  const { updatedInput, permission } = outcome;
  const call = updatedInput === undefined ? named : { ...named, input: updatedInput };
  const decision = decideCall(call, place.project, policy);
  if (decision.behavior === 'deny') {
    tellRefused({ place, id, tool: call.tool, ...causeOf(decision) });
    const by = decision.rule === undefined ? byMode : describeRule(decision.rule, decision.isUntested);
    return { kind: 'deny', reason: decision.reason, by };
  }
  const why = whyAsked(call.tool, decision, permission, policy);
  const changed = updatedInput === undefined ? {} : { updatedInput };
  if (why === undefined || place.session.permitted.get(permittedKey(call, place)) === true)
    return { kind: 'allow', ...changed };
  if (policy.mode === 'dontAsk') {
    tellRefused({ place, id, tool: call.tool, by: 'mode' });
    return { kind: 'deny', reason: reasons.dontAskMode(call.tool), by: byMode };
  }
  return askedFirst(call, { ...checked, why, changed }, { run, tellRefused });
}

const byMode = 'the permission mode';

function causeOf({ rule, isUntested }: Decision): Pick<Refusal, 'by' | 'rule' | 'isUntested'> {
  return rule === undefined ? { by: 'mode' } : { by: 'rule', rule, isUntested };
}

function refusalOf({ permission, stop }: HookOutcome): CallVerdict | undefined {
  const { behavior, text } = permission ?? {};
  // One that ends the turn as well does so without the call.
  if (behavior === 'deny') return refusedByHook(text ?? 'Denied by a hook', stop !== undefined);
  return behavior === 'defer' ? { kind: 'stop', reason: text ?? 'Deferred by a hook' } : undefined;
}

function refusedByHook(reason: string, isStop: boolean): CallVerdict {
  return isStop ? { kind: 'stop', reason } : { kind: 'deny', reason, by: 'a hook' };
}

/** Why the user is asked, and what makes the question needless. */
type Why = Pick<Extract<CallVerdict, { readonly kind: 'ask' }>, 'howToAllow'> & { readonly text: string };

/** In words for the user; `undefined`: nobody has to be asked. A hook's leave answers what no rule decides. */
function whyAsked(
  tool: string,
  { behavior, rule, reason, isUntested }: Decision,
  permission: HookOutcome['permission'],
  { asksUndecided }: CallPolicy,
): Why | undefined {
  if (behavior === 'ask')
    return {
      text: rule === undefined ? reason : `It is asked for by the ${describeRule(rule, isUntested)}.`,
    };
  if (permission?.behavior === 'ask') return { text: 'A hook asks for it', ...permission };
  const isOpen = behavior === 'none' && permission?.behavior !== 'allow';
  if (!isOpen || !asksUndecided || needsNoPermission(tool)) return undefined;
  // Of a shell line the reason tells which part it is about.
  return { text: tool === 'Bash' ? reason : 'No rule allows it.' };
}

interface QuestionContext extends CallContext {
  readonly why: Why;
  readonly changed: { readonly updatedInput?: JsonObject };
}

/** A hook may answer in the user's place. */
async function askedFirst(
  call: ClaudeToolUse,
  { place, id, on, why, changed }: QuestionContext,
  { run, tellRefused }: Pick<CheckCallParts, 'run' | 'tellRefused'>,
): Promise<CallVerdict> {
  const occurrence = { call: hookCall(call, id), suggestions: [] };
  const { permissionAnswer } = await run(place, 'PermissionRequest', occurrence, on);
  if (permissionAnswer?.behavior === 'deny') {
    const { message: reason = why.text, interrupt } = permissionAnswer;
    tellRefused({ place, id, tool: call.tool, by: 'hook' });
    return refusedByHook(reason, interrupt === true);
  }
  if (permissionAnswer !== undefined) {
    const { updatedInput } = permissionAnswer;
    return { kind: 'allow', ...changed, ...(updatedInput !== undefined && { updatedInput }) };
  }
  const { permitted } = place.session;
  const key = permittedKey(call, place);
  return {
    kind: 'ask',
    question: callQuestion(call, why.text),
    ...(why.howToAllow !== undefined && { howToAllow: why.howToAllow }),
    ...changed,
    resolve: (answer) => {
      if (answer === 'always') permitted.set(key, true);
      // A user who went back and says no takes back what they allowed.
      if (answer === 'no') permitted.delete(key);
      return Promise.resolve();
    },
  };
}

/** What hooks have to say to the model behind the result of the call, and that the turn ends there. */
function keepForResult({ contexts, stop, permission }: HookOutcome, { place, id }: CallContext): void {
  const { session } = place;
  if (contexts.length > 0) session.contextsOf.set(id, [...(session.contextsOf.get(id) ?? []), ...contexts]);
  if (stop === undefined) return;
  // The call that is under way still runs.
  session.stopsAfter.set(id, stop);
  // One that is refused has no result; the turn ends behind those of the calls beside it.
  if (permission?.behavior === 'deny') session.stopsAfter.set(turnKey(place), stop);
}

function hookCall({ tool, input }: ClaudeToolUse, id: string): HookToolUse {
  return { tool, input, id };
}

/** Another project may have rules of its own about the same call. */
function permittedKey({ tool, input, mcp }: ClaudeToolUse, { project: { workspace } }: HookPlace): string {
  return JSON.stringify([workspace, tool, input, mcp?.server]);
}
