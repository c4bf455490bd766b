import type { ApiRequest } from '../../kernel/exchange.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import type { Rewrite, SessionState } from '../../features/sessions/session-memory.ts';
import type { Conversation } from '../../protocol/conversation.ts';
import { withEffort, withModel } from '../../protocol/with-model.ts';
import { itemKey } from './item-key.ts';

/**
 * The request with everything in its place again that was changed in this conversation before: what commands became, and without
 * what was said between the user and us. The turn of the newest changed prompt has its model and effort.
 */
export function applyRewrites(conversation: Conversation, { rewrites }: SessionState): ApiRequest {
  const replacements = new Map<number, readonly JsonObject[]>();
  let turn: Rewrite | undefined;
  for (let index = 0; index < conversation.length; index += 1) {
    const item = conversation.at(index);
    if (item['role'] !== 'user') continue;
    const rewrite = rewrites.get(itemKey(conversation, index));
    // A prompt of the user's own begins another turn.
    if (rewrite === undefined || rewrite.items.length > 0) turn = rewrite;
    if (rewrite === undefined) continue;
    replacements.set(index, rewrite.items);
    if (rewrite.localAnswer !== undefined && isAnswer(conversation, index + 1, rewrite.localAnswer)) {
      replacements.set(index + 1, []);
    }
  }
  const rewritten = conversation.replace(replacements);
  return withTurnOf(rewritten, turn);
}

function withTurnOf(request: ApiRequest, turn: Rewrite | undefined): ApiRequest {
  const { model, effort } = turn ?? {};
  const withOwnModel = model === undefined ? request : withModel(request, model);
  return effort === undefined ? withOwnModel : withEffort(withOwnModel, effort);
}

/** Whether the item is the answer that we gave ourselves, which clients send again as if a model had given it. */
function isAnswer(conversation: Conversation, index: number, answer: string): boolean {
  if (index >= conversation.length) return false;
  const { role, content } = conversation.at(index);
  if (role !== 'assistant') return false;
  const text = typeof content === 'string' ? content : textsOf(content).join('');
  return text === answer;
}

function textsOf(content: unknown): string[] {
  if (!Array.isArray(content)) return [];
  return (content as unknown[]).map((part) => {
    const text: unknown = typeof part === 'object' && part !== null && 'text' in part ? part.text : '';
    return typeof text === 'string' ? text : '';
  });
}
