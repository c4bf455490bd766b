import { itemKey } from '../../../protocol/conversation/item-key.ts';
import { newestUserPrompt } from '../../../protocol/conversation/user-prompt.ts';
import type { HookTurn } from '../../hooks/hook-turn.ts';
import type { RunHooks } from '../../hooks/hook-runner.ts';

/** Runs the hooks on a subagent's start, with its first request; what they say goes to the subagent, behind its task. */
export async function onSubagentStart(
  { exchange, conversation, place }: HookTurn,
  run: RunHooks,
): Promise<void> {
  const { agent, session } = place;
  if (agent === undefined || session.agents.get(agent.id) !== undefined) return;
  session.agents.set(agent.id, true);
  const { contexts } = await run(place, 'SubagentStart', {}, exchange);
  const task = newestUserPrompt(conversation, exchange.request.api);
  if (contexts.length === 0 || task === undefined) return;
  session.memory.ledger.edit(itemKey(conversation, task.index), { contexts });
}
