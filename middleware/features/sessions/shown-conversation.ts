import type { JsonObject } from '../../kernel/json-object.ts';
import type { Conversation } from '../../protocol/conversation/conversation.ts';
import { itemKey } from '../../protocol/conversation/item-key.ts';
import { saidText } from '../../protocol/conversation/said-text.ts';
import { parseTrustAnswer } from '../trust/parse-answer.ts';
import type { CommandTurn, Edit } from './ledger.ts';
import { editAt, isBehindQuestion, isQuestion, outcomesIn, questionBefore } from './outcomes-in.ts';
import type { OwnTexts } from './own-texts.ts';
import type { SessionMemory } from './sessions.ts';

/** A conversation as hooks and models are to see it. */
export interface ShownConversation {
  readonly conversation: Conversation;
  /** Of the newest prompt, where a command made it. */
  readonly turn: CommandTurn | undefined;
}

/**
 * A conversation with what commands became, and without what was said between the user and us alone, however often.
 * Our questions and the answers to them are known by their words as well: where a client gives no ids and leaves out what is
 * oldest, no item stands where it stood. `answersServer`: whether a message answers what the server of a call asked, in any words.
 */
export function shownConversation(
  conversation: Conversation,
  { ledger, approvals }: Pick<SessionMemory, 'ledger' | 'approvals'>,
  answersServer: (index: number) => boolean,
): ShownConversation {
  if (ledger.isEmpty) return { conversation, turn: undefined };
  const edits = new Map<number, readonly JsonObject[]>(
    questionsIn(conversation, ledger.said).map((index) => [index, []]),
  );
  const outcomes = outcomesIn(conversation, ledger);
  const newest = lastSaid(conversation);
  let turn: CommandTurn | undefined;
  for (let index = 0; index < conversation.length; index += 1) {
    if (conversation.at(index)['role'] !== 'user') continue;
    const key = itemKey(conversation, index);
    const edit = withOutcome(editAt(conversation, index, ledger), outcomes.get(key));
    turn = turnAt(edit, turn, () => isReply(conversation, index) || answersServer(index));
    if (edit?.items === undefined && edit?.answer === undefined) continue;
    const items = shownItems(edit, index === newest, approvals.isAskedAt(key));
    if (items !== undefined) edits.set(index, items);
    const behind = ownAnswerBehind(conversation, index, ledger.said);
    if (behind !== undefined) edits.set(behind, []);
  }
  return { conversation: conversation.edit(edits), turn };
}

/** Where questions of ours and the answers to them stand, the newest message aside, by their words. */
function questionsIn(conversation: Conversation, said: OwnTexts): readonly number[] {
  const newest = lastSaid(conversation);
  const found: number[] = [];
  for (let index = 0; index < newest; index += 1) {
    const isOwn =
      isQuestion(conversation.at(index), said) ||
      (isReply(conversation, index) && isBehindQuestion(conversation, index, said));
    if (isOwn) found.push(index);
  }
  return found;
}

function withOutcome(edit: Edit | undefined, outcome: Edit | undefined): Edit | undefined {
  return outcome === undefined ? edit : { ...edit, ...outcome };
}

/** A prompt of the user's own begins another turn; an answer to a question goes on with the one that it is about. */
function turnAt(
  edit: Edit | undefined,
  before: CommandTurn | undefined,
  isAnswer: () => boolean,
): CommandTurn | undefined {
  if (edit?.items !== undefined) return edit.items.length > 0 ? edit.turn : before;
  return before !== undefined && isAnswer() ? before : edit?.turn;
}

function shownItems({ items, answer }: Edit, isNewest: boolean, isAsked: boolean): Edit['items'] {
  // What was not delivered is answered the same again.
  const isSentAgain = isNewest && (isAsked || answer?.isFinal === true);
  return answer?.dropsPrompt === true && !isSentAgain ? [] : items;
}

/** The last item that somebody said. */
function lastSaid(conversation: Conversation): number {
  for (let index = conversation.length - 1; index >= 0; index -= 1) {
    const { role } = conversation.at(index);
    if (role === 'user' || role === 'assistant') return index;
  }
  return -1;
}

/** Whether a message of the user reads like the answer to a question of ours, and stands right behind one. */
function isReply(conversation: Conversation, index: number): boolean {
  if (parseTrustAnswer(saidText(conversation.at(index))) === undefined) return false;
  return questionBefore(conversation, index) !== undefined;
}

/** Items between a message and the answer to it: the text of a skill, messages of a developer. */
const maxBetween = 3;

/** Where the answer to a message stands that we gave ourselves; clients send it again as if a model had given it. */
function ownAnswerBehind(conversation: Conversation, index: number, said: OwnTexts): number | undefined {
  const end = Math.min(conversation.length, index + 2 + maxBetween);
  for (let at = index + 1; at < end; at += 1) {
    const item = conversation.at(at);
    if (item['role'] === 'assistant') return said.has(saidText(item)) ? at : undefined;
  }
  return undefined;
}
