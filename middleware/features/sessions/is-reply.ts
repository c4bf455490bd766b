import type { Conversation } from '../../protocol/conversation/conversation.ts';
import { saidBefore } from '../../protocol/conversation/said-before.ts';
import { saidText } from '../../protocol/conversation/said-text.ts';
import { askLine } from '../trust/ask-line.ts';
import { parseTrustAnswer } from '../trust/parse-answer.ts';

/** Whether a message of the user reads like the answer to a question of ours, and stands right behind one. */
export function isReply(conversation: Conversation, index: number): boolean {
  if (parseTrustAnswer(saidText(conversation.at(index))) === undefined) return false;
  const before = saidBefore(conversation, index);
  return before?.['role'] === 'assistant' && saidText(before).trimEnd().endsWith(askLine);
}
