import type { JsonObject } from '../../kernel/json-object.ts';
import type { Conversation } from '../../protocol/conversation/conversation.ts';
import { itemKey } from '../../protocol/conversation/item-key.ts';
import { isReply } from './is-reply.ts';
import type { CommandTurn, Edit } from './ledger.ts';
import { ownAnswerBehind } from './own-answer-behind.ts';
import type { SessionMemory } from './sessions.ts';

/** A conversation as hooks and models are to see it. */
export interface ShownConversation {
  readonly conversation: Conversation;
  /** Of the newest prompt, where a command made it. */
  readonly turn: CommandTurn | undefined;
}

/** A conversation with what commands became, and without what was said between the user and us alone, however often. */
export function shownConversation(
  conversation: Conversation,
  memory: Pick<SessionMemory, 'ledger' | 'approvals'>,
): ShownConversation {
  const { ledger } = memory;
  if (ledger.isEmpty) return { conversation, turn: undefined };
  const edits = new Map<number, readonly JsonObject[]>();
  const newest = lastSaid(conversation);
  let turn: CommandTurn | undefined;
  for (let index = 0; index < conversation.length; index += 1) {
    if (conversation.at(index)['role'] !== 'user') continue;
    const key = itemKey(conversation, index);
    const edit = ledger.find(key);
    if (beginsTurn(edit, conversation, index)) turn = edit?.turn;
    if (edit === undefined || !isSaidHere(edit)) continue;
    const isSentAgain = index === newest && isAnsweredAgain(edit, memory.approvals.isAskedAt(key));
    const items = isSentAgain ? edit.items : shownItems(edit);
    if (items !== undefined) edits.set(index, items);
    const behind = ownAnswerBehind(conversation, index, ledger.said);
    if (behind !== undefined) edits.set(behind, []);
  }
  return { conversation: conversation.edit(edits), turn };
}

/** A prompt of the user's own begins another turn; an answer to a question goes on with the one that it is about. */
function beginsTurn(edit: Edit | undefined, conversation: Conversation, index: number): boolean {
  return edit?.items === undefined ? !isReply(conversation, index) : edit.items.length > 0;
}

/** Whether it was not only hooks that had something to add to it. */
function isSaidHere({ items, answer }: Edit): boolean {
  return items !== undefined || answer !== undefined;
}

function shownItems({ items, answer }: Edit): Edit['items'] {
  return answer?.dropsPrompt === true ? [] : items;
}

/** What was not delivered is answered the same again. */
function isAnsweredAgain({ answer }: Edit, isAsked: boolean): boolean {
  return answer?.isFinal === true || isAsked;
}

/** The last item that somebody said. */
function lastSaid(conversation: Conversation): number {
  for (let index = conversation.length - 1; index >= 0; index -= 1) {
    const { role } = conversation.at(index);
    if (role === 'user' || role === 'assistant') return index;
  }
  return -1;
}
