import type { HookDecision } from './hook-decision.ts';
import { rulesOf, type HookEvent } from '../hook-event.ts';
import { parseOutput, type HookEnd, type HookNature } from './parse-output.ts';
import { readVerdict } from './read-verdict.ts';

export interface JudgingHook extends HookNature {
  readonly kind: 'prompt' | 'agent';
}

/**
 * Turns a model's answer to a hook, `{"ok": true}` or `{"ok": false, "reason": "…"}`, into a decision: a tool call
 * is refused and the turn ends, a prompt is stopped, a stop goes on. Any other answer is a failure of the hook.
 */
export function parseVerdict(hook: JudgingHook, end: HookEnd): HookDecision {
  if (end.ending !== 'exited') return parseOutput(hook, end);
  const verdict = readVerdict(end.stdout);
  if (verdict === undefined) {
    const summary =
      'the model answered with something else than {"ok": true} or {"ok": false, "reason": "…"}';
    return parseOutput(hook, { ...end, ending: 'not-started', exitCode: undefined, stdout: '', summary });
  }
  return verdict.ok ? { outcome: 'success' } : objection(hook, verdict.reason);
}

const prompts: readonly HookEvent[] = ['UserPromptSubmit', 'UserPromptExpansion'];
const stops: readonly HookEvent[] = ['Stop', 'SubagentStop'];

function objection({ event, kind, label }: JudgingHook, given: string): HookDecision {
  if (prompts.includes(event)) return { outcome: 'success', stop: { reason: given } };
  const isUnmet = kind === 'agent' && stops.includes(event);
  const reason = isUnmet ? `Agent hook condition was not met: ${given}` : `[${label}]: ${given}`;
  if (event === 'PreToolUse') {
    return { outcome: 'success', permission: { behavior: 'deny', reason }, stop: { reason: given } };
  }
  return rulesOf(event).blocks
    ? { outcome: 'success', block: { reason, cause: 'verdict' } }
    : { outcome: 'error', error: reason };
}
