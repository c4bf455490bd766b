import type { OwnTexts } from './own-texts.ts';
import type { Conversation } from '../../protocol/conversation/conversation.ts';
import { saidText } from '../../protocol/conversation/said-text.ts';

/** Items between a message and the answer to it: the text of a skill, messages of a developer. */
const maxBetween = 3;

/** Where the answer to a message stands that we gave ourselves; clients send it again as if a model had given it. */
export function ownAnswerBehind(
  conversation: Conversation,
  index: number,
  said: OwnTexts,
): number | undefined {
  const end = Math.min(conversation.length, index + 2 + maxBetween);
  for (let at = index + 1; at < end; at += 1) {
    const item = conversation.at(at);
    if (item['role'] === 'assistant') return said.has(saidText(item)) ? at : undefined;
  }
  return undefined;
}
