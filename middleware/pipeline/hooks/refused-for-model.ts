import { addAll } from '../../kernel/bounds/add-all.ts';
import type { CallVerdict } from '../call-checks.ts';
import { batchKey, type HookPlace } from '../../features/hooks/sessions/hook-place.ts';
import type { ClaudeToolUse } from '../../protocol/claude-tools/tool-mapping.ts';

/** Refused calls of one prompt that a PostToolBatch hook may hear of. */
const maxRefused = 200;

/** Keeps uses that the client never gets for the PostToolBatch hooks, which hear of all calls of a batch. */
export function keepForBatch(
  { hooks, session: { refused } }: HookPlace,
  uses: HookPlace['session']['refused'],
): void {
  if (!hooks.entries.some(({ event }) => event === 'PostToolBatch')) return;
  addAll(refused, uses);
  refused.splice(0, refused.length - maxRefused);
}

/**
 * The verdict on a call with all that its hooks said to the model: a call that is refused has no output that their
 * words could stand behind. It is kept for the PostToolBatch hooks, which hear of refused calls as well.
 */
export function refusedForModel<Verdict extends CallVerdict>(
  verdict: Verdict,
  {
    place,
    id,
    uses,
  }: { readonly place: HookPlace; readonly id: string; readonly uses: readonly ClaudeToolUse[] },
): Verdict {
  if (verdict.kind !== 'deny') return verdict;
  const { contextsOf } = place.session;
  const { reason } = verdict;
  keepForBatch(
    place,
    uses.map(({ tool, input }) => ({ turn: batchKey(place), tool, input, id, response: reason })),
  );
  const contexts = contextsOf.get(id) ?? [];
  contextsOf.delete(id);
  return { ...verdict, reason: [reason, ...contexts].join('\n\n') };
}
