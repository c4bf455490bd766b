import type { Reply } from '../../../kernel/reply.ts';
import type { JsonObject } from '../../../kernel/json-object.ts';
import { Conversation } from '../../../protocol/conversation/conversation.ts';
import { answerLocally } from '../../answer-locally.ts';
import { itemKey } from '../../../protocol/conversation/item-key.ts';
import { ownAnswerBehind } from '../../../features/sessions/own-answer-behind.ts';
import type { HookSession, OwnAnswer } from '../../../features/hooks/sessions/hook-sessions.ts';
import type { HookTurn } from '../../hooks/hook-turn.ts';

/** A conversation without what was said between the user and us alone. */
export interface ShownConversation {
  readonly conversation: Conversation;
  /** Where an item of it stands in the whole conversation. */
  readonly indexInWhole: (index: number) => number;
  /** Names an item of it by its place in the whole conversation, which is the same in every later request. */
  readonly keyAt: (index: number) => string;
}

/**
 * Answers a message of the user in place of a model, and remembers it: the model does not get to see the answer later. Where it comes
 * of the user's answer to a question of ours, it stands behind that, and so does the same answer to the same message again.
 */
export function answerPrompt(
  { exchange, keyAt, place: { session }, repliedAt }: HookTurn,
  index: number,
  answer: OwnAnswer & { readonly text: string },
): Reply {
  session.said.add(answer.text);
  session.answers.set(keyAt(index), answer);
  if (repliedAt !== undefined) {
    session.answers.set(repliedAt, { ...answer, dropsPrompt: true, isReply: true });
  }
  return answerLocally(exchange, answer.text);
}

/** Takes out of a conversation what was said between the user and us alone, however often. */
export function withoutOwnAnswers(conversation: Conversation, session: HookSession): ShownConversation {
  const drops = dropsIn(conversation, session);
  if (drops.size === 0) {
    return {
      conversation,
      indexInWhole: (index) => index,
      keyAt: (index) => itemKey(conversation, index),
    };
  }
  const kept = Array.from({ length: conversation.length }, (_, index) => index).filter(
    (index) => !drops.has(index),
  );
  const indexInWhole = (index: number): number => kept[index] ?? index;
  return {
    conversation: Conversation.of(conversation.replace(drops)) ?? conversation,
    indexInWhole,
    keyAt: (index) => itemKey(conversation, indexInWhole(index)),
  };
}

function dropsIn(
  conversation: Conversation,
  { answers, said, question }: HookSession,
): ReadonlyMap<number, readonly JsonObject[]> {
  const drops = new Map<number, readonly JsonObject[]>();
  // Most conversations have none, and need not be read for it.
  if (answers.size === 0) return drops;
  const newest = lastSaid(conversation);
  for (let index = 0; index < conversation.length; index += 1) {
    if (conversation.at(index)['role'] !== 'user') continue;
    const key = itemKey(conversation, index);
    const answer = answers.get(key);
    if (answer === undefined) continue;
    // What was not delivered is answered the same again.
    const isSentAgain = index === newest && (answer.isFinal || question?.askedAt === key);
    if (answer.dropsPrompt && !isSentAgain) drops.set(index, []);
    const behind = ownAnswerBehind(conversation, index, said);
    if (behind !== undefined) drops.set(behind, []);
  }
  return drops;
}

/** The last item that somebody said. */
function lastSaid(conversation: Conversation): number {
  for (let index = conversation.length - 1; index >= 0; index -= 1) {
    const { role } = conversation.at(index);
    if (role === 'user' || role === 'assistant') return index;
  }
  return -1;
}
