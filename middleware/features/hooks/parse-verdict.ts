import type { HookDecision } from './hook-decision.ts';
import { rulesOf, type HookEvent } from './hook-event.ts';
import { isJsonObject } from './json-object.ts';
import { parseOutput, type HookEnd, type HookNature } from './parse-output.ts';

/**
 * Turns a model's answer to a prompt hook, `{"ok": true}` or `{"ok": false, "reason": "…"}`, into a decision: a tool call
 * is refused and the turn ends, a prompt is stopped, a stop goes on. Any other answer is a failure of the hook.
 */
export function parseVerdict(hook: HookNature, end: HookEnd): HookDecision {
  if (end.ending !== 'exited') return parseOutput(hook, end);
  const verdict = readVerdict(end.stdout);
  if (verdict === undefined) {
    const summary =
      'the model answered with something else than {"ok": true} or {"ok": false, "reason": "…"}';
    return parseOutput(hook, { ...end, ending: 'not-started', exitCode: undefined, stdout: '', summary });
  }
  return verdict.ok ? { outcome: 'success' } : objection(hook, verdict.reason);
}

function readVerdict(text: string): { readonly ok: boolean; readonly reason: string } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isJsonObject(value) || typeof value['ok'] !== 'boolean') return undefined;
    return {
      ok: value['ok'],
      reason: typeof value['reason'] === 'string' ? value['reason'] : 'no reason given',
    };
  } catch {
    return undefined;
  }
}

const prompts: readonly HookEvent[] = ['UserPromptSubmit', 'UserPromptExpansion'];

function objection({ event, label }: HookNature, given: string): HookDecision {
  if (prompts.includes(event)) return { outcome: 'success', stop: { reason: given } };
  const reason = `[${label}]: ${given}`;
  if (event === 'PreToolUse') {
    return { outcome: 'success', permission: { behavior: 'deny', reason }, stop: { reason: given } };
  }
  return rulesOf(event).blocks
    ? { outcome: 'success', block: { reason, cause: 'verdict' } }
    : { outcome: 'error', error: reason };
}
