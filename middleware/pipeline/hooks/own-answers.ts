import type { Reply } from '../../kernel/reply.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import { Conversation } from '../../protocol/conversation.ts';
import { answerLocally } from '../commands/answer-locally.ts';
import type { HookSession, OwnAnswer } from './hook-sessions.ts';
import type { HookTurn } from './hook-turn.ts';
import { stableKey } from './stable-key.ts';

/** Answers a message of the user in place of a model, and remembers it: the model does not get to see the answer later. */
export function answerPrompt(
  { exchange, conversation, place }: HookTurn,
  index: number,
  answer: OwnAnswer & { readonly text: string },
): Reply {
  place.session.answers.set(stableKey(conversation, index), answer);
  return answerLocally(exchange, answer.text);
}

/** The conversation without what was said between the user and us alone. */
export function withoutOwnAnswers(conversation: Conversation, { answers }: HookSession): Conversation {
  // Most conversations have none, and need not be read for it.
  if (answers.size === 0) return conversation;
  const drops = new Map<number, readonly JsonObject[]>();
  const newest = lastSaid(conversation);
  for (let index = 0; index < conversation.length; index += 1) {
    if (conversation.at(index)['role'] !== 'user') continue;
    const answer = answers.get(stableKey(conversation, index));
    if (answer === undefined) continue;
    const isSentAgain = answer.isFinal && index === newest;
    if (answer.dropsPrompt && !isSentAgain) drops.set(index, []);
    const said = answer.text === undefined ? undefined : answerBehind(conversation, index, answer.text);
    if (said !== undefined) drops.set(said, []);
  }
  if (drops.size === 0) return conversation;
  return Conversation.of(conversation.replace(drops)) ?? conversation;
}

/** The last item that somebody said. */
function lastSaid(conversation: Conversation): number {
  for (let index = conversation.length - 1; index >= 0; index -= 1) {
    const { role } = conversation.at(index);
    if (role === 'user' || role === 'assistant') return index;
  }
  return -1;
}

/** Items between a message and the answer to it: the text of a skill, messages of a developer. */
const maxBetween = 3;

function answerBehind(conversation: Conversation, index: number, text: string): number | undefined {
  const end = Math.min(conversation.length, index + 2 + maxBetween);
  for (let at = index + 1; at < end; at += 1) {
    const item = conversation.at(at);
    if (item['role'] === 'assistant') return textOf(item) === text ? at : undefined;
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
