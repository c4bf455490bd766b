import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import type { RequestStage } from '../../../kernel/stage.ts';
import { mayCallCommand } from '../../../protocol/conversation/may-call-command.ts';
import { currentConversation, editConversation } from '../current-conversation.ts';

/**
 * What is typed behind it may be a key of a server, or the code of a login; also where it is not quite a command, in other
 * letters, in quotes, or as Claude Code's `add-json`.
 */
const command = /[/:$]mcp\s+["']?(?:add[\w-]*["']?|auth["']?\s+\S+)/.source;
const typed = new RegExp(String.raw`^( ?${command})\s[^]*$`, 'i');
/** As anybody types it: a look for these costs far less than one at the conversation. */
const spellings = ['mcp', 'MCP', 'Mcp'];
/** In a request for a title, the user's words stand behind the client's own. */
const quoted = new RegExp(String.raw`(${command})\s[^]*$`, 'i');

/**
 * What a user typed behind `/mcp add` or `/mcp auth NAME` goes to no model and no hook: not with the request for a conversation's title, and not
 * after a restart, when nobody knows any more that the prompt was answered here.
 */
export const hideTypedSecrets: RequestStage = {
  name: 'hide-typed-secrets',
  run: (exchange) => {
    const { json } = exchange.request;
    const isTitle = exchange.turn.kind === 'title';
    if (!(isTitle || mayCallCommand(json)) || !spellings.some((word) => json.includes(word))) return exchange;
    const conversation = currentConversation(exchange);
    if (conversation === undefined) return exchange;
    const form = isTitle ? quoted : typed;
    const edits = new Map<number, readonly JsonObject[]>();
    for (let index = 0; index < conversation.length; index += 1) {
      const item = conversation.at(index);
      const hidden = item['role'] === 'user' ? withoutTyped(item, form) : undefined;
      if (hidden !== undefined) edits.set(index, [hidden]);
    }
    editConversation(exchange, conversation.edit(edits));
    return exchange;
  },
};

/** `undefined` where nothing of it is in the item. */
function withoutTyped(item: JsonObject, form: RegExp): JsonObject | undefined {
  const { content } = item;
  if (typeof content === 'string') {
    return form.test(content) ? { ...item, content: hide(content, form) } : undefined;
  }
  if (!Array.isArray(content)) return undefined;
  const parts = content as unknown[];
  if (!parts.some((part) => form.test(textOf(part)))) return undefined;
  const hidden = parts.map((part) =>
    isJsonObject(part) && form.test(textOf(part)) ? { ...part, text: hide(textOf(part), form) } : part,
  );
  return { ...item, content: hidden };
}

function textOf(part: unknown): string {
  return isJsonObject(part) && typeof part['text'] === 'string' ? part['text'] : '';
}

function hide(text: string, form: RegExp): string {
  return text.replace(form, '$1 [redacted]');
}
