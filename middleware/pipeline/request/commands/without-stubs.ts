import { stubMarker } from '../../../features/commands/skill-stub.ts';
import type { ApiRequest } from '../../../kernel/exchange.ts';
import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import { Conversation } from '../../../protocol/conversation/conversation.ts';
import { hasStub } from '../../../protocol/conversation/may-call-command.ts';
import { skillItem } from '../../../protocol/conversation/user-prompt.ts';

/**
 * The request without the skills that stand for commands: Codex puts one behind the prompt that names it, in the request for a
 * conversation's title as well, and no model is to read it.
 */
export function withoutStubs(request: ApiRequest): ApiRequest {
  if (!hasStub(request.json)) return request;
  const conversation = Conversation.of(request);
  if (conversation === undefined) return request;
  const stubs = new Map<number, readonly JsonObject[]>();
  for (let index = 0; index < conversation.length; index += 1) {
    if (isStub(conversation.at(index))) stubs.set(index, []);
  }
  return stubs.size === 0 ? request : conversation.replace(stubs);
}

function isStub({ role, content }: JsonObject): boolean {
  const [part] = Array.isArray(content) ? (content as unknown[]) : [];
  const text = isJsonObject(part) ? part['text'] : content;
  return role === 'user' && typeof text === 'string' && skillItem.test(text) && text.includes(stubMarker);
}
