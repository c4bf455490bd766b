import { CodexPlusError } from '../../../kernel/errors.ts';
import { isCompactionCall } from '../../../protocol/api-path.ts';
import { clientFactsOf } from '../../hooks/client-facts.ts';
import { itemKey } from '../../../protocol/conversation/item-key.ts';
import type { HookTurn } from '../../hooks/hook-turn.ts';
import type { RunHooks } from '../../hooks/hook-runner.ts';

/**
 * Runs the hooks before a compaction. One that refuses makes the request fail: any answer would become the summary. What they
 * print goes to the model as further instructions, where the client asks for the summary in words.
 */
export async function onCompaction(turn: HookTurn, run: RunHooks): Promise<void> {
  const { exchange, conversation, place } = turn;
  const { session } = place;
  const trigger = clientFactsOf(exchange).compactionTrigger;
  const { refusal, instructions } = await run(
    place,
    'PreCompact',
    { trigger, customInstructions: null },
    exchange,
  );
  if (refusal !== undefined) throw new CodexPlusError('blocked_by_hook', refusal);
  session.wasCompacted = true;
  const last = conversation.length - 1;
  const isInWords = !isCompactionCall(exchange.request.path) && conversation.at(last)['role'] === 'user';
  if (instructions.length === 0 || !isInWords) return;
  session.memory.ledger.edit(itemKey(conversation, last), { contexts: instructions });
}
