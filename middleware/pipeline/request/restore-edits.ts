import type { Edit, Ledger } from '../../features/sessions/ledger.ts';
import { outcomesIn } from '../../features/sessions/outcomes-in.ts';
import type { Api } from '../../kernel/exchange.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import { codecOf } from '../../protocol/apis/codec-of.ts';
import type { Conversation } from '../../protocol/conversation/conversation.ts';
import { itemKey } from '../../protocol/conversation/item-key.ts';
import { withContexts } from '../../protocol/conversation/with-contexts.ts';
import { withWordsBefore } from '../../protocol/conversation/with-words-before.ts';

/** A conversation with all that hooks ever put into it, in its place again, the same bytes each time. */
export function restoreEdits(conversation: Conversation, api: Api, ledger: Ledger): Conversation {
  const { isOutput } = codecOf(api).history;
  const outcomes = outcomesIn(conversation, ledger);
  const edits = new Map<number, readonly (JsonObject | Buffer)[]>();
  for (let index = 0; index < conversation.length; index += 1) {
    const item = conversation.at(index);
    const mayHold = item['role'] === 'user' || isOutput(item);
    if (!mayHold) continue;
    const key = itemKey(conversation, index);
    const edit: Edit = { ...ledger.find(key), ...outcomes.get(key) };
    const { contexts = [], wordsBefore } = edit;
    const other = replacementOf(edit, item, api);
    if (contexts.length === 0 && other === undefined && wordsBefore === undefined) continue;
    const bytes = other === undefined ? conversation.bytesAt(index) : Buffer.from(JSON.stringify(other));
    const items = withContexts(api, bytes, contexts);
    edits.set(index, wordsBefore === undefined ? items : withWordsBefore(api, items, wordsBefore));
  }
  return conversation.edit(edits);
}

/** `undefined` where the item stays. Of one with outputs the client's own marks for the prompt cache move on. */
function replacementOf({ replacement, outputs }: Edit, item: JsonObject, api: Api): JsonObject | undefined {
  return outputs === undefined ? replacement : codecOf(api).history.withResults(item, outputs);
}
