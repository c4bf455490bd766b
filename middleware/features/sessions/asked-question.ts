import type { ApiRequest } from '../../kernel/exchange.ts';
import { localResponsePrefix } from '../../protocol/apis/local-answer.ts';
import type { Conversation } from '../../protocol/conversation/conversation.ts';
import { previousIdOf } from '../../protocol/conversation/previous-id.ts';
import { saidBefore } from '../../protocol/conversation/said-before.ts';
import { saidText } from '../../protocol/conversation/said-text.ts';

/** A question to the user that we put in place of a model's answer, and that waits for what the user says to it. */
export interface AskedQuestion {
  /** The key of the message that it stands behind. */
  readonly askedAt: string;
  readonly text: string;
  /** The exchange that it was the answer of. */
  readonly exchangeId: string;
  /** The folder of the project that it is about. */
  readonly workspace: string;
}

/**
 * Whether a message stands right behind a question of ours, as the client sends the conversation. One that stands elsewhere says
 * nothing to it, though it may read `yes`: the user went back before the question, or it is another conversation that began with the
 * same words, for a client that names none.
 */
export function isRightBehind(
  { text, exchangeId }: AskedQuestion,
  conversation: Conversation,
  index: number,
  request: ApiRequest,
): boolean {
  const before = saidBefore(conversation, index);
  if (before !== undefined) return before['role'] === 'assistant' && saidText(before).trim() === text.trim();
  return previousIdOf(request) === `${localResponsePrefix}${exchangeId}`;
}
