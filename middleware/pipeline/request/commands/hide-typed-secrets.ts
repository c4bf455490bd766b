import { withoutTyped } from '../../../features/mcp/edit/without-typed.ts';
import type { RequestStage } from '../../../kernel/stage.ts';
import { currentConversation, editConversation } from '../current-conversation.ts';
import { mayHoldTyped } from './may-hold-typed.ts';

/**
 * What a user typed behind `/mcp add` or `/mcp auth NAME` goes to no model and no hook: not with the request for a conversation's title, and not
 * after a restart, when nobody knows any more that the prompt was answered here.
 */
export const hideTypedSecrets: RequestStage = {
  name: 'hide-typed-secrets',
  run: (exchange) => {
    const { json, api } = exchange.request;
    const isTitle = exchange.turn.kind === 'title';
    if (!mayHoldTyped(json, isTitle)) return exchange;
    const conversation = currentConversation(exchange);
    if (conversation === undefined) return exchange;
    editConversation(exchange, withoutTyped(conversation, api, isTitle));
    return exchange;
  },
};
