import { isAddedByClient } from '../../protocol/conversation/user-prompt.ts';
import type { Conversation } from '../../protocol/conversation/conversation.ts';
import { saidText } from '../../protocol/conversation/said-text.ts';
import { askLine } from '../trust/ask-line.ts';
import { parseTrustAnswer } from '../trust/parse-answer.ts';

/** Whether a message of the user reads like the answer to a question of ours, and stands right behind one. */
export function isReply(conversation: Conversation, index: number): boolean {
  if (parseTrustAnswer(saidText(conversation.at(index))) === undefined) return false;
  for (let at = index - 1; at >= 0; at -= 1) {
    const item = conversation.at(at);
    if (isAddedByClient(item)) continue;
    return item['role'] === 'assistant' && saidText(item).trimEnd().endsWith(askLine);
  }
  return false;
}
