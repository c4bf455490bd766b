import type { ToolCall } from '../../protocol/apis/tool-call.ts';
import type { HookSession } from '../../features/hooks/sessions/hook-sessions.ts';
import type { ClaudeToolUse } from '../../protocol/claude-tools/tool-mapping.ts';

/** Before a tool runs, or after. */
type Moment = 'pre' | 'post';

/**
 * Remembers the uses that code of the model was allowed to make: when Codex runs it, each comes again as a call of
 * its own, by another id, and is not told a second time. Other calls are known by their ids.
 */
export function coverUses(
  session: HookSession,
  { kind, name }: Pick<ToolCall, 'kind' | 'name'>,
  uses: readonly ClaudeToolUse[],
): void {
  if (kind !== 'custom' || name !== 'exec') return;
  for (const use of uses) coverUse(session, 'pre', use);
}

/** Remembers one use as told. */
export function coverUse({ covered }: HookSession, moment: Moment, use: ClaudeToolUse): void {
  const key = keyOf(moment, use);
  covered.set(key, (covered.get(key) ?? 0) + 1);
}

/** Whether a use was told before; each that was remembered counts for one. */
export function takeCovered({ covered }: HookSession, moment: Moment, use: ClaudeToolUse): boolean {
  const key = keyOf(moment, use);
  const left = covered.get(key) ?? 0;
  if (left === 0) return false;
  covered.set(key, left - 1);
  return true;
}

/** By what a use is about: the two ways that it is told do not agree on the rest of its input. */
function keyOf(moment: Moment, { tool, input }: ClaudeToolUse): string {
  return `${moment} ${tool} ${JSON.stringify(input['command'] ?? input['file_path'] ?? input)}`;
}
