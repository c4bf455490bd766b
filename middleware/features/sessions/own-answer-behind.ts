import type { OwnTexts } from './own-texts.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import type { Conversation } from '../../protocol/conversation/conversation.ts';

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
    if (item['role'] === 'assistant') return said.has(textOf(item)) ? at : undefined;
  }
  return undefined;
}

function textOf({ content }: JsonObject): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return (content as unknown[])
    .map((part) => {
      const text: unknown = typeof part === 'object' && part !== null && 'text' in part ? part.text : '';
      return typeof text === 'string' ? text : '';
    })
    .join('');
}
