import type { HookOutcome } from '../../features/hooks/combine-decisions.ts';
import type { HookToolCall } from '../../features/hooks/hook-occurrences.ts';
import type { ToolInput } from '../../features/policy/tool-call.ts';
import type { TrustAnswer } from '../../features/trust/parse-answer.ts';
import type { PermissionRule } from '../../kernel/permission-rule.ts';
import { decideCall, type NamedCall } from './call-rules.ts';
import { callQuestion } from './call-question.ts';
import type { HookPlace } from './hook-place.ts';
import type { RunProjectHooks } from './run-project-hooks.ts';

/** What becomes of a call that the model made. */
export type CallVerdict =
  /** `updatedInput`: in the words of Claude Code's tool, as a hook wants it. */
  | { readonly kind: 'allow'; readonly updatedInput?: ToolInput }
  /** The reason is for the model. */
  | { readonly kind: 'deny'; readonly reason: string }
  /** The user is to be asked; the answer holds for the same call, made again. */
  | {
      readonly kind: 'ask';
      readonly question: string;
      readonly answered: (answer: TrustAnswer) => Promise<void>;
    }
  /** The turn ends, without the call. */
  | { readonly kind: 'stop'; readonly reason: string };

export interface CheckedCall {
  readonly place: HookPlace;
  /** Of a call that is several in Claude Code's words, one of them. */
  readonly named: NamedCall;
  readonly id: string;
  /** The rules that hold for this caller. */
  readonly rules: readonly PermissionRule[];
  readonly signal: AbortSignal;
}

/**
 * Decides a call by hooks and rules, in Claude Code's order: PreToolUse hooks first, which may refuse it or change it; then the
 * rules, which a hook's leave does not override; and where either asks, PermissionRequest hooks before the user. What neither
 * concerns is allowed: the client asks its own user.
 */
export async function checkCall(checked: CheckedCall, run: RunProjectHooks): Promise<CallVerdict> {
  const { place, named, id, rules, signal } = checked;
  const outcome = await run(place, 'PreToolUse', { call: hookCall(named, id) }, signal);
  keepForResult(outcome, checked);
  const refusal = refusalOf(outcome);
  if (refusal !== undefined) return refusal;
  const { updatedInput, permission } = outcome;
  const call = updatedInput === undefined ? named : { ...named, input: updatedInput };
  const decision = decideCall(call, place.project, rules);
  if (decision.behavior === 'deny') return { kind: 'deny', reason: decision.reason };
  const why = decision.behavior === 'ask' ? decision.reason : askOf(permission);
  const allow: CallVerdict = { kind: 'allow', ...(updatedInput !== undefined && { updatedInput }) };
  if (why === undefined || place.session.permitted.get(keyOf(call)) === true) return allow;
  return askedFirst(call, { ...checked, why, allow }, run);
}

function refusalOf({ permission }: HookOutcome): CallVerdict | undefined {
  const { behavior, text } = permission ?? {};
  if (behavior === 'deny') return { kind: 'deny', reason: text ?? 'Denied by a hook' };
  return behavior === 'defer' ? { kind: 'stop', reason: text ?? 'Deferred by a hook' } : undefined;
}

function askOf(permission: HookOutcome['permission']): string | undefined {
  return permission?.behavior === 'ask' ? (permission.text ?? 'A hook asks for it') : undefined;
}

/** A hook may answer in the user's place. */
async function askedFirst(
  call: NamedCall,
  { place, id, signal, why, allow }: CheckedCall & { readonly why: string; readonly allow: CallVerdict },
  run: RunProjectHooks,
): Promise<CallVerdict> {
  const occurrence = { call: hookCall(call, id), suggestions: [] };
  const { permissionAnswer } = await run(place, 'PermissionRequest', occurrence, signal);
  if (permissionAnswer?.behavior === 'deny') {
    return { kind: 'deny', reason: permissionAnswer.message ?? why };
  }
  const { updatedInput } = permissionAnswer ?? {};
  if (permissionAnswer !== undefined)
    return updatedInput === undefined ? allow : { kind: 'allow', updatedInput };
  const { permitted } = place.session;
  return {
    kind: 'ask',
    question: callQuestion(call, why),
    answered: (answer) => {
      if (answer !== 'no') permitted.set(keyOf(call), true);
      return Promise.resolve();
    },
  };
}

/** What hooks have to say to the model behind the result of the call, and that the turn ends there. */
function keepForResult({ contexts, stop }: HookOutcome, { place: { session }, id }: CheckedCall): void {
  if (contexts.length > 0) session.contextsOf.set(id, [...(session.contextsOf.get(id) ?? []), ...contexts]);
  // The call that is under way still runs.
  if (stop !== undefined) session.stopsAfter.set(id, stop);
}

function hookCall({ tool, input }: NamedCall, id: string): HookToolCall {
  return { name: tool, input, id };
}

function keyOf({ tool, input }: NamedCall): string {
  return `${tool} ${JSON.stringify(input)}`;
}
