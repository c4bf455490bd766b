import type { OwnAnswer } from '../../../features/sessions/ledger.ts';
import type { Reply } from '../../../kernel/reply.ts';
import { itemKey } from '../../../protocol/conversation/item-key.ts';
import type { HookTurn } from '../../hooks/hook-turn.ts';

/**
 * Answers a message of the user in place of a model, and remembers it: the model does not get to see the answer
 * later. Where it comes of the user's answer to a question of ours, it stands behind that, and so does the same
 * answer to the same message again.
 */
export function answerPrompt(
  turn: HookTurn,
  index: number,
  answer: OwnAnswer & { readonly text: string },
): Reply {
  const { conversation, place, repliedAt } = turn;
  const { ledger } = place.session.memory;
  ledger.answer(itemKey(conversation, index), answer);
  if (repliedAt !== undefined) ledger.answer(repliedAt, { ...answer, dropsPrompt: true, isReply: true });
  return turn.answer(answer.text);
}
