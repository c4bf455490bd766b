import { stubMarker } from '../../../features/commands/stubs/skill-stub.ts';
import { isJsonObject, listIn, type JsonObject } from '../../../kernel/json-object.ts';
import type { Conversation } from '../../../protocol/conversation/conversation.ts';
import { skillItem } from '../../../protocol/conversation/user-prompt.ts';

/**
 * A conversation without the skills that stand for commands: Codex puts one behind the prompt that names it, in the
 * request for a conversation's title as well, and no model is to read it.
 */
export function withoutStubs(conversation: Conversation): Conversation {
  const stubs = new Map<number, readonly JsonObject[]>();
  for (let index = 0; index < conversation.length; index += 1) {
    if (isStub(conversation.at(index))) stubs.set(index, []);
  }
  return conversation.edit(stubs);
}

function isStub({ role, content }: JsonObject): boolean {
  const [part] = listIn(content);
  const text = isJsonObject(part) ? part['text'] : content;
  return role === 'user' && typeof text === 'string' && skillItem.test(text) && text.includes(stubMarker);
}
