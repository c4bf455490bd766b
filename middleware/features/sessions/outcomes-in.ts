import type { JsonObject } from '../../kernel/json-object.ts';
import type { Conversation } from '../../protocol/conversation/conversation.ts';
import { itemKey } from '../../protocol/conversation/item-key.ts';
import { saidBefore } from '../../protocol/conversation/said-before.ts';
import { saidText } from '../../protocol/conversation/said-text.ts';
import { askLine } from '../trust/ask-line.ts';
import type { Edit, Ledger } from './ledger.ts';
import type { OwnTexts } from './own-texts.ts';

/** What was changed at an item. An answer to a question is one where it stands behind it. */
export function editAt(conversation: Conversation, index: number, ledger: Ledger): Edit | undefined {
  const edit = ledger.find(itemKey(conversation, index));
  return edit?.answer?.isReply === true && !isBehindQuestion(conversation, index, ledger.said)
    ? undefined
    : edit;
}

/**
 * What the answers to our questions in a conversation came to, by the keys of the items that they were about: the
 * last word on each counts. In another conversation the user may have gone back and said something else.
 */
export function outcomesIn({ received }: Conversation, ledger: Ledger): ReadonlyMap<string, Edit> {
  const outcomes = new Map<string, Edit>();
  if (!ledger.hasOutcomes) return outcomes;
  for (let index = 0; index < received.length; index += 1) {
    if (received.at(index)['role'] !== 'user') continue;
    const outcome = editAt(received, index, ledger)?.outcome;
    if (outcome === undefined) continue;
    outcomes.set(outcome.itemKey, { ...outcomes.get(outcome.itemKey), ...outcome.edit });
  }
  return outcomes;
}

/**
 * Whether a message stands behind a question of ours. Of a client that names no items, another conversation may have a `yes` at the same
 * place, which is its own, also behind something else that we said.
 */
export function isBehindQuestion(conversation: Conversation, index: number, said: OwnTexts): boolean {
  const question = questionBefore(conversation, index);
  return question !== undefined && said.has(question);
}

/** The text that reads like a question of ours, which a message stands right behind. */
export function questionBefore(conversation: Conversation, index: number): string | undefined {
  const before = saidBefore(conversation, index);
  return before === undefined ? undefined : questionIn(before);
}

/** Whether an item is a question of ours about a command or a hook, by its words. */
export function isQuestion(item: JsonObject, said: OwnTexts): boolean {
  const question = questionIn(item);
  return question !== undefined && said.has(question);
}

function questionIn(item: JsonObject): string | undefined {
  if (item['role'] !== 'assistant') return undefined;
  const text = saidText(item);
  return text.trimEnd().endsWith(askLine) ? text : undefined;
}
