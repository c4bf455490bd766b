import type { ApiRequest, Exchange } from '../../../kernel/exchange.ts';
import type { JsonObject } from '../../../kernel/json-object.ts';
import type { Rewrite, SessionState } from '../../../features/sessions/session-memory.ts';
import type { Conversation } from '../../../protocol/conversation/conversation.ts';
import { withEffort } from '../../../protocol/effort.ts';
import { withModel } from '../../../protocol/with-model.ts';
import { itemKey } from '../../../protocol/conversation/item-key.ts';
import { isReply } from '../../../features/sessions/is-reply.ts';
import { ownAnswerBehind } from '../../../features/sessions/own-answer-behind.ts';

/**
 * The exchange with everything in its place again that was changed in this conversation before: what commands became, and without
 * what was said between the user and us. The turn of the newest changed prompt has its model, its effort and the
 * command that it came from.
 */
export function applyRewrites(
  exchange: Exchange,
  conversation: Conversation,
  { rewrites, said }: SessionState,
): Exchange {
  const replacements = new Map<number, readonly JsonObject[]>();
  let turn: Rewrite | undefined;
  for (let index = 0; index < conversation.length; index += 1) {
    const item = conversation.at(index);
    if (item['role'] !== 'user') continue;
    const rewrite = rewrites.get(itemKey(conversation, index));
    // A prompt of the user's own begins another turn; an answer to a question, of hooks as well, goes on with the one that it is about.
    if (rewrite === undefined ? !isReply(conversation, index) : rewrite.items.length > 0) turn = rewrite;
    if (rewrite === undefined) continue;
    replacements.set(index, rewrite.items);
    const behind = ownAnswerBehind(conversation, index, said);
    if (behind !== undefined) replacements.set(behind, []);
  }
  const request = withTurnOf(conversation.replace(replacements), turn);
  return request === exchange.request ? exchange : { ...exchange, request, called: turn?.called };
}

function withTurnOf(request: ApiRequest, turn: Rewrite | undefined): ApiRequest {
  const { model, effort } = turn ?? {};
  const withOwnModel = model === undefined ? request : withModel(request, model);
  return effort === undefined ? withOwnModel : withEffort(withOwnModel, effort);
}
