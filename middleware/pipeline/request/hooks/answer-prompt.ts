import type { OwnAnswer } from '../../../features/sessions/ledger.ts';
import type { Reply } from '../../../kernel/reply.ts';
import { itemKey } from '../../../protocol/conversation/item-key.ts';
import type { HookTurn } from '../../hooks/hook-turn.ts';

/**
 * Answers a message of the user in place of a model, and remembers it: the model does not get to see the answer
 * later. Where it comes of the user's answer to a question of ours, it stands behind that, and so does the same
 * answer to the same message again; a question is no outcome of one.
 */
export function answerPrompt(
  turn: HookTurn,
  index: number,
  answer: OwnAnswer & { readonly text: string },
): Reply {
  const { conversation, place, replied } = turn;
  const { ledger } = place.session.memory;
  const key = itemKey(conversation, index);
  if (replied === undefined) ledger.answer(key, answer);
  else {
    const { word, at } = replied;
    const outcome = answer.isFinal ? { word, itemKey: key, edit: { answer } } : undefined;
    ledger.answer(at, { ...answer, dropsPrompt: true, isReply: true }, { outcome });
  }
  return turn.answer(answer.text);
}
